"""SQLite and PostgreSQL give the same history for the same commands, and every invariant holds after each of them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.support.postgres import POSTGRES_PEER, Postgres
from tests.unit.tools.headend.history.commands import COMMANDS, SUMS, Choice
from tests.unit.tools.headend.history.invariants import CHECKS
from tests.unit.tools.headend.history.worlds import Worlds

EXAMPLES = int(os.environ.get("STB_HISTORY_EXAMPLES", "8"))
STEPS = 25


class Histories(RuleBasedStateMachine):
    """Commands, days that pass, nightly runs and transfers that arrive, in any order."""

    postgres: Postgres

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="history-")))
        self.worlds = Worlds(folder, self._stack.enter_context(self.postgres.database()))
        self._stack.callback(self.worlds.close)

    def teardown(self) -> None:
        self._stack.close()

    @rule(
        command=st.sampled_from(sorted(COMMANDS)),
        who=st.integers(0, 2),
        number=st.integers(0, 60),
        amount=st.sampled_from(SUMS),
    )
    def command(self, command: str, who: int, number: int, amount: int) -> None:
        accounts = self.worlds.accounts
        choice = Choice(number, amount, accounts[(who + 1) % len(accounts)])
        self.worlds.same(lambda world: world.do(accounts[who], COMMANDS[command], choice))

    @rule(days=st.sampled_from((1, 1, 1, 2, 3, 4, 8, 31)))
    def days_pass(self, days: int) -> None:
        self.worlds.clock.advance(timedelta(days=days).total_seconds())

    @rule(seconds=st.sampled_from((60, 301, 3600)))
    def a_while_passes(self, seconds: int) -> None:
        self.worlds.clock.advance(seconds)

    @rule(hours=st.sampled_from((1, 24, 24 * 40)))
    def the_clock_is_set_back(self, hours: int) -> None:
        self.worlds.clock.advance(-hours * 3600)

    @rule()
    def nightly_run(self) -> None:
        self.worlds.same(lambda world: world.run(self.worlds.today))

    @rule()
    def transfers_arrive(self) -> None:
        self.worlds.same(lambda world: world.deliver())

    @precondition(lambda self: hasattr(self, "worlds"))
    @invariant()
    def the_same_rows_and_all_that_is_always_true(self) -> None:
        self.worlds.compare()
        with self.worlds.first.database.read() as connection:
            for check in CHECKS:
                check(connection)


@pytest.mark.needs_peer(POSTGRES_PEER)
def test_the_same_commands_give_the_same_history_on_both_databases(postgres: Postgres) -> None:
    machine: Any = type("HistoriesHere", (Histories,), {"postgres": postgres})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            # making 25 steps fewer takes minutes, and each of them is a line of the report as it is
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def worlds(postgres: Postgres, tmp_path: Path) -> Iterator[Worlds]:
    with postgres.database() as url:
        made = Worlds(tmp_path, url)
        yield made
        made.close()


@pytest.mark.needs_peer(POSTGRES_PEER)
def test_every_command_can_be_done(worlds: Worlds) -> None:
    """Otherwise the histories above would be made of refusals."""
    family, together, ending = worlds.accounts

    def done(who: int, command: str, number: int = 0, amount: int = 10_000) -> None:
        choice = Choice(number, amount, together if who != together else family)
        assert worlds.same(lambda world: world.do(who, COMMANDS[command], choice)) == "done", command
        worlds.compare()

    done(family, "look")
    done(family, "join_bonus")
    done(family, "pay", 1, 300_000)
    done(family, "connect", 1)
    done(family, "undo")
    done(family, "connect", 1)
    done(family, "disconnect", 1)
    done(family, "set_channels", 3)
    done(family, "change_tariff", 1, 100)
    done(family, "transfer", 0, 10_000)
    assert worlds.same(lambda world: world.deliver()) == 1
    done(family, "leave_bonus")
    done(family, "pay", 2, 300_000)
    done(family, "add_room", 0)
    done(family, "move_box", 1)
    done(family, "stop_room", 1)
    done(family, "start_room", 1)
    done(family, "remove_room", 1)
    done(family, "limit_orders", 0, 1_000)
    done(together, "exchange_points", 0)
    done(together, "link_number", 7)
    done(together, "suspend", 9, 1_000)
    worlds.clock.advance(86_400)
    done(together, "end_suspension")
    done(ending, "promise", 0, 1_000)
    done(family, "credit_on")
    done(family, "credit_off")
    assert set(COMMANDS) == {
        *("look", "join_bonus", "pay", "connect", "undo", "disconnect", "set_channels", "change_tariff", "transfer"),
        *("leave_bonus", "exchange_points", "link_number", "suspend", "end_suspension", "promise"),
        *("credit_on", "credit_off", "add_room", "stop_room", "start_room", "remove_room", "move_box", "limit_orders"),
    }
