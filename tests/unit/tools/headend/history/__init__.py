"""The same commands on SQLite and on PostgreSQL: the same history, and what must always be true of it."""
