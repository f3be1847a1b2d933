"""Packages of Python that nobody here wrote, each in an environment of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools.bench.peers import Peer, PeerMissing, peer_python


def python_with(peer: Peer) -> Path:
    """Its interpreter, installed where it is not yet. As ``needs_peer``: skipped by name, a failure with CI=true."""
    try:
        return peer_python(peer)
    except PeerMissing as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing), pytrace=False)
        pytest.skip(str(missing))
