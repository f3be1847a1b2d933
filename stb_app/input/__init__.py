"""From a key on the remote to an intention: physical key -> logical key -> action of the screen."""
