"""The screens. Each takes state and says what is on it and where a key leads; none knows a socket or a thread."""
