"""State and logic of what a viewer edits: no picture, no pygame. The screen owns its controls."""
