"""``stb-card`` for the bench: the same commands, and simulated cards to try them on."""
