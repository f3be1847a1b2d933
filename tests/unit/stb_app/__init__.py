"""Tests of the on-screen app, mirrored after its folders."""
