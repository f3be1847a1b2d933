"""Which process of several does which tests: a file's tests belong together, and what they have started with them."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

SPREAD = frozenset(
    {
        "tests/contract/rows/test_conformance.py",
        "tests/screens/test_spoken.py",
        "tests/screens/test_walk.py",
    }
)
"""Files of long tests that share nothing: another process may take each of them."""


def belongs_to(test: str) -> str:
    """What goes to one process together with ``test``, a node id of pytest."""
    file = test.partition("::")[0]
    return test if file in SPREAD else file


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """``--dist loadgroup`` would do it by marks, but its names for groups do not reach pytest 9.2."""

    def _split_scope(self, nodeid: str) -> str:
        return belongs_to(nodeid)
