"""PC/SC over ``libpcsclite.so.1``, in a worker process with a watchdog: a PC/SC call can hang for ever."""
