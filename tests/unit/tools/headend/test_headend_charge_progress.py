"""``charge`` says how far it has come, in accounts, every two seconds (contracts.md, Commands)."""

from __future__ import annotations

from datetime import date

from tools.headend.commands.charge import Progress
from tools.headend.operators import load_operator

MOSCOW = load_operator("mts").regions["moscow"]
DAY = date(2026, 12, 1)


class Run:
    """A run over accounts by a clock of its own."""

    def __init__(self, due: int) -> None:
        self.left, self.now, self.said = due, 100.0, [""]
        self.progress = Progress(lambda: self.left, lambda: self.now, self.said.append)

    def batch(self, seconds: float, settled: int) -> str:
        """What is said after a batch."""
        self.now += seconds
        self.left -= settled
        self.said.append("")
        self.progress(MOSCOW, DAY, settled)
        return self.said.pop()


def test_it_counts_accounts_of_all_that_were_due() -> None:
    run = Run(100_000)
    assert run.batch(2.5, 12_000) == "charge: 12,000 of 100,000 accounts, 4,800 a second, moscow 2026-12-01\n"
    assert run.batch(2.5, 12_000) == "charge: 24,000 of 100,000 accounts, 4,800 a second, moscow 2026-12-01\n"


def test_it_speaks_every_two_seconds_and_not_of_a_run_that_is_over_before() -> None:
    run = Run(100)
    assert [bool(run.batch(each, 1)) for each in (1.0, 0.9, 0.1, 1.9, 0.1)] == [False, False, True, False, True]


def test_a_missed_day_of_an_account_that_has_more_is_not_counted_as_an_account() -> None:
    assert run_of_missed_days().startswith("charge: 0 of 10 accounts,")


def run_of_missed_days() -> str:
    run = Run(10)
    run.now += 5
    run.progress(MOSCOW, DAY, 10)
    return run.said[-1]
