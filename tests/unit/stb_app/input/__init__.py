"""Tests of keys: from the remote to an action."""
