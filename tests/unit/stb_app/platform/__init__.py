"""Tests of where pictures go and keys come from."""
