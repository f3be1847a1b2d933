"""An account as somebody sees it: who reads it (api/reading.py), or who changes it (use_cases/work.py)."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from sqlalchemy import Connection

from tools.headend.domain.catalogue import Operator, Region
from tools.headend.storage.accounts import StoredAccount


class Seen(Protocol):
    """What looks at an account need; ``today`` is the region's day."""

    @property
    def connection(self) -> Connection: ...
    @property
    def operator(self) -> Operator: ...
    @property
    def region(self) -> Region: ...
    @property
    def today(self) -> date: ...
    @property
    def account(self) -> StoredAccount: ...
    @property
    def account_id(self) -> int: ...
