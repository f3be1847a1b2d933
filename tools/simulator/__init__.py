"""The world around one box on a developer's machine: head-end, network, box, card and TV, by hand or by a script."""
