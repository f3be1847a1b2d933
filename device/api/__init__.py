"""What both programs of a box share: the vocabulary of the local API, and the few helpers that must exist once.

Nothing here knows the service behind it: the app imports this package and ``device.client`` and nothing else.
"""
