"""Tests of what the app knows of an account."""
