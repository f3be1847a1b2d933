"""Plays the real app in memory, with no box and a clock that moves when told: for tests, benchmarks and the gallery."""
