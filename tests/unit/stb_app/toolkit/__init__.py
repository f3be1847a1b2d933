"""Tests of the toolkit: no screen, no account."""
