"""``python -m tools.bench``: the figures of the project, each beside its reference, measured in the same run."""
