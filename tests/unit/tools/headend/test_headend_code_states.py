"""A code works once, in time, within its tries; a PIN locks after its tries: whatever is done in whatever order."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import insert

from tests.support.account_rows import account_row
from tests.support.headend_server import START
from tools.headend.domain.declined import Declined
from tools.headend.identity.pins import PinHasher, TypedPin
from tools.headend.operators import load_operator
from tools.headend.storage import identity, tables
from tools.headend.storage.schema import open_database
from tools.headend.use_cases import pins
from tools.headend.use_cases.codes import RESET, CodeMaker
from tools.headend.use_cases.work import Work, begin

ACCOUNT = 102733458021
MTS = load_operator("mts")
LIFE, AGAIN, TRIES, LOCK = 900, 60, 5, 900
PIN_TRIES, PIN_LOCK = 3, 900


class QuickHasher(PinHasher):
    """No Argon2: what is tested here is who counts."""

    def encode(self, pin: str) -> str:
        return f"encoded {pin}"

    def matches(self, pin: str, encoded: str) -> bool:
        return encoded == f"encoded {pin}"


class Codes(RuleBasedStateMachine):
    """The account of one viewer who asks for codes, types them, and types PINs; beside it a model of the rules."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="codes-")
        self.database = open_database(f"sqlite:///{Path(self.folder.name) / 'codes.db'}")
        self.maker = CodeMaker(b"c" * 32)
        self.hasher = QuickHasher(b"p" * 32)
        self.now: datetime = START
        self.pin = "1111"
        self.code: str | None = None
        """The one that is good now, if it is in time and not locked."""
        self.sent_at = START - timedelta(days=1)
        self.old: list[str] = []
        self.failures = self.pin_failures = 0
        self.locked_until = self.pin_locked_until = START

    @initialize()
    def account(self) -> None:
        def work(connection: Any) -> None:
            connection.execute(insert(tables.accounts), account_row(ACCOUNT))
            identity.put_pin(connection, ACCOUNT, pins.ACCOUNT, self.hasher.encode(self.pin), self.now)

        self.database.write(work)

    def teardown(self) -> None:
        self.database.close()
        self.folder.cleanup()

    def run_case(self, use_case: Callable[[Work], Any]) -> tuple[str, list[str]]:
        """The outcome's code (``ok``) and the codes that were sent."""
        sent: list[str] = []

        def effect(connection: Any) -> Any:
            work = begin(connection, MTS, self.now, ACCOUNT)
            outcome = use_case(work)
            sent[:] = [re.findall(r"\d{6}", each.text)[0] for each in work.messages]
            return outcome

        try:
            outcome = self.database.write(effect)
        except Declined as declined:
            return declined.code, []
        return (outcome.code if isinstance(outcome, Declined) else "ok"), sent

    @rule(seconds=st.sampled_from([1, 59, 60, 61, 840, 899, 900, 901]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def ask(self) -> None:
        code, sent = self.run_case(lambda work: pins.send_reset_code(work, self.maker, "sms", None))
        if self.now < self.locked_until:
            assert code == "code_locked" and not sent
        elif self.code is not None and self.now < self.sent_at + timedelta(seconds=AGAIN):
            assert code == "code_too_soon" and not sent
        else:
            assert code == "ok" and len(sent) == 1
            if self.code is not None:
                self.old.append(self.code)
            self.code, self.sent_at = sent[0], self.now

    def type_code(self, typed: str) -> str:
        new_pin = f"{(int(self.pin) + 1) % 10000:04d}"
        outcome, _ = self.run_case(lambda work: pins.reset_pin(work, self.maker, typed, TypedPin(self.hasher, new_pin)))
        if outcome == "ok":
            self.pin = new_pin
        return outcome

    def expect(self, typed: str, outcome: str) -> None:
        if self.now < self.locked_until:
            assert outcome == "code_locked"
            return
        in_time = self.now <= self.sent_at + timedelta(seconds=LIFE)
        if typed == self.code and in_time:
            assert outcome == "ok"
            self.old.append(typed)
            self.code, self.failures = None, 0
            self.pin_failures, self.pin_locked_until = 0, self.now
            return
        self.failures += 1
        if self.failures == TRIES:
            assert outcome == "code_locked"
            self.failures, self.locked_until = 0, self.now + timedelta(seconds=LOCK)
            if self.code is not None:
                self.old.append(self.code)
            self.code = None
        else:
            assert outcome == "code_wrong"

    @rule()
    def type_the_code(self) -> None:
        typed = self.code or "000000"
        self.expect(typed, self.type_code(typed))

    @rule(typed=st.sampled_from(["000000", "999999", "12345"]))
    def type_another(self, typed: str) -> None:
        self.expect(typed, self.type_code(typed))

    @rule(data=st.data())
    def type_an_old_one(self, data: st.DataObject) -> None:
        if self.old:
            typed = data.draw(st.sampled_from(self.old))
            self.expect(typed, self.type_code(typed))

    @rule(right=st.booleans())
    def type_the_pin(self, right: bool) -> None:
        typed = TypedPin(self.hasher, self.pin if right else "none")
        outcome, _ = self.run_case(lambda work: pins.check_pin(work, typed) or {})
        if self.now < self.pin_locked_until:
            assert outcome == "pin_locked"
        elif right:
            assert outcome == "ok"
            self.pin_failures = 0
        else:
            self.pin_failures += 1
            if self.pin_failures == PIN_TRIES:
                assert outcome == "pin_locked"
                self.pin_failures, self.pin_locked_until = 0, self.now + timedelta(seconds=PIN_LOCK)
            else:
                assert outcome == "pin_wrong"

    @invariant()
    def the_database_knows_the_pin_and_no_code(self) -> None:
        with self.database.read() as connection:
            encoded = identity.pin_of(connection, ACCOUNT, pins.ACCOUNT)
            kept = identity.code_of(connection, ACCOUNT, RESET)
        assert encoded in (None, self.hasher.encode(self.pin))
        assert kept is None or self.code is None or self.code.encode() not in kept.digest


TestCodes = Codes.TestCase
TestCodes.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
