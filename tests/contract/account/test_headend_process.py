"""The account service as a program: start, end, SIGKILL, the operator's commands, bad usage."""

from __future__ import annotations

import json
import random
import secrets
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, create_engine, text

from device.api.waiting import wait_until
from tests.support.headend_process import HeadendProcess, run_headend
from tests.support.signin_box import SignInBox


def said(url: str, sql: str, **parameters: Any) -> list[Any]:
    """What a database answers to a statement, which is committed."""
    with closing_engine(url) as engine, engine.begin() as connection:
        answer = connection.execute(text(sql), parameters)
        return [tuple(row) for row in answer] if answer.returns_rows else []


@contextmanager
def closing_engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_within_three_seconds_with_a_stream_and_a_kept_connection_open(tmp_path: Path, number: int) -> None:
    with HeadendProcess(tmp_path) as headend:
        assert headend.origin.startswith("https://127.0.0.1:")
        idle = headend.box("family", "kitchen")
        idle.sign_in()
        box = headend.box()
        box.sign_in()
        headers = {"Authorization": f"DPoP {box.token}", "DPoP": box.proof("GET", "/v1/events", token=box.token)}
        with box.http.stream("GET", f"{box.origin}/v1/events", headers=headers) as answer:
            lines = answer.iter_lines()
            assert next(lines) == ": connected"
            assert headend.end(number) == 0
        assert headend.process.stdout is not None
        assert headend.process.stdout.read() == "", "one line on stdout, nothing else"
        assert "Traceback" not in headend.log
        assert "graceful shutdown exceeded" not in headend.log, "nobody is waited for who is not answered"


def test_a_session_and_a_challenge_outlive_a_restart(tmp_path: Path) -> None:
    with HeadendProcess(tmp_path) as first:
        box = first.box()
        box.sign_in()
        nonce = box.challenge()
        port = int(first.origin.rpartition(":")[2])
        assert first.end() == 0
    with HeadendProcess(tmp_path, port=port) as second:
        again = second.box()
        again.challenge()
        again.token = box.token
        assert again.request("GET", "/v1/account").json()["balance"]["amount"] == 128450
        assert again.ask_token(again.assertion(nonce)).status_code == 200
        assert said(second.url, "SELECT count(*) FROM accounts") == [(1,)], "seeding twice is seeding once"


def post_read(box: SignInBox, key: str, message: str = "m3") -> httpx.Response | None:
    """The answer, or None where the service was gone before it."""
    with suppress(httpx.TransportError):
        return box.request("POST", f"/v1/messages/{message}/read", key=key)
    return None


def test_sigkill_in_the_middle_of_a_change_leaves_none_or_one_effect(url: str, tmp_path: Path) -> None:
    random.seed(7)
    port, key = 0, secrets.token_hex(8)
    for round_number in range(4):
        with HeadendProcess(tmp_path, port=port, url=url) as headend:
            port = int(headend.origin.rpartition(":")[2])
            box = headend.box()
            box.sign_in()
            if round_number:
                assert post_read(box, key) is not None, "the box asks again with the same key"
                _check_effect(url, key, least=1)
            said(url, "UPDATE messages SET read_at = NULL WHERE message_id = 'm3'")
            key = secrets.token_hex(8)
            asking = threading.Thread(target=post_read, args=(box, key))
            if round_number == 0:
                _kill_while_it_waits_for_the_database(headend, asking)
            else:
                asking.start()
                # not a wait for anything: the moment of death is what varies
                time.sleep(random.random() * 0.02)
                headend.process.kill()
            asking.join(10)
        _check_effect(url, key, least=0)
    if url.startswith("sqlite"):
        assert said(url, "PRAGMA integrity_check") == [("ok",)]


def _kill_while_it_waits_for_the_database(headend: HeadendProcess, asking: threading.Thread) -> None:
    log_before = headend.log.count('"path": "/v1/messages')
    with closing_engine(headend.url) as engine, engine.begin() as blocker:
        # a write: from now on nobody else may, in SQLite anything, in PostgreSQL this account
        blocker.execute(text("UPDATE accounts SET balance = balance"))
        asking.start()
        probe = headend.box()
        wait_until(lambda: probe.http.get(f"{probe.origin}/health").status_code == 200, limit=5, what="health")
        headend.process.kill()
        headend.process.wait(10)
        blocker.rollback()
    assert headend.log.count('"path": "/v1/messages') == log_before, "it was not answered"
    assert said(headend.url, "SELECT read_at FROM messages WHERE message_id = 'm3'") == [(None,)]


def _check_effect(url: str, key: str, least: int) -> None:
    """The effect and its answer are there together or not at all."""
    answers = said(url, "SELECT status FROM idempotency_keys WHERE key = :key", key=key)
    read = said(url, "SELECT read_at FROM messages WHERE message_id = 'm3' AND read_at IS NOT NULL")
    assert len(read) == len(answers) >= least
    assert said(url, "SELECT balance FROM accounts") == [(128450,)]


def test_the_operators_commands_work_beside_the_running_service(tmp_path: Path) -> None:
    with HeadendProcess(tmp_path, "--operator", "mts") as headend:
        box = headend.box()
        box.sign_in()
        for command, which, code in (
            ("revoke-box", box.chip_id, "box_revoked"),
            ("revoke-card", box.card.number, "card_revoked"),
        ):
            assert run_headend(command, which, "--database", headend.url).returncode == 0
            assert box.request("GET", "/v1/account").json()["code"] == code
            assert box.try_sign_in().json()["code"] == code
            assert run_headend(command.replace("revoke", "restore"), which, "--database", headend.url).returncode == 0
            box.sign_in()
        unknown = run_headend("revoke-box", "000000000000", "--database", headend.url)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert unknown.stderr == "no box …0000 is registered in this database\n"


def test_log_lines_are_json_carry_the_request_id_and_no_secret(tmp_path: Path) -> None:
    with HeadendProcess(tmp_path) as headend:
        box = headend.box()
        box.sign_in()
        box.request("GET", "/v1/account", headers={"X-Request-Id": "press-42"})
        box.ask_token("nonsense")
        assert headend.end() == 0
        lines = [json.loads(line) for line in headend.log.splitlines()]
        account = next(line for line in lines if line.get("request_id") == "press-42")
        assert (account["path"], account["status"]) == ("/v1/account", 200)
        assert (account["account"], account["chip"]) == ("…8021", "…0011")
        assert any(line.get("refused") == "box_unknown" for line in lines)
        for secret in (box.token, box.chip_id, box.card.number, "102733458021", "eyJ"):
            assert secret not in headend.log


def test_bad_usage_of_the_program_is_one_line_and_exit_2(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear operator, " * 100)
    run = run_headend("--database", f"sqlite:///{file}", "--port", "0")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.count("\n") == 1 and "file is not a database" in run.stderr
    assert file.read_text() == "Dear operator, " * 100


def test_help_tells_everything() -> None:
    said = run_headend("--help").stdout
    for word in ("--database", "--seed", "--keys", "--origin", "--operator", "revoke-box", "family", "/openapi.json"):
        assert word in said
