"""Where pictures go and key presses come from: a canvas in memory, a window, the full screen of a box."""
