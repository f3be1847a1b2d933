"""Cards behind a serial port: Phoenix and Smartmouse readers, and everything else that pyserial opens."""
