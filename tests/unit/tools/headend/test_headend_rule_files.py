"""An operator's rules that would only show at three in the morning are refused at the start: file, line, reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from device.api.errors import ConfigError
from tools.headend.operators import FOLDER, load_operator

CLAIMED = "[/v1/account, /v1/help, /v1/ledger/months, /v1/ledger/entries, /v1/messages, /v1/events]"
HUGE = "99999999999999999999"


@pytest.mark.parametrize(
    ("file", "before", "after", "reason"),
    [
        ("rules.yaml", '"+7 ### ###-##-##"', '"+7 900"', "'#'"),
        ("rules.yaml", "id: ural", "id: moscow", "'moscow' stands here twice"),
        ("rules.yaml", CLAIMED, "[/v1/acount]", "expected one of /v1/account"),
        ("rules.yaml", CLAIMED, "[/v1/device/token]", "expected one of /v1/account"),
        ("rules.yaml", "rounding: 100", f"rounding: {HUGE}", "at most"),
        ("rules.yaml", "rooms_max: 4", f"rooms_max: {HUGE}", "at most"),
        ("rules.yaml", "seconds: 900", f"seconds: {HUGE}", "at most"),
        ("bonus.yaml", "point: 100", f"point: {HUGE}", "at most"),
        ("bonus.yaml", "amount: 10000", f"amount: {HUGE}", "at most"),
        ("internet.yaml", "mbit: 20", f"mbit: {HUGE}", "at most"),
        ("internet.yaml", "alone: 35000", f"alone: {HUGE}", "at most"),
        ("notices.yaml", "tv_hours: 72", f"tv_hours: {HUGE}", "at most"),
        ("notices.yaml", "most: 1000000", "most: -1", "0 or more"),
        ("numbers.yaml", "most: 5", f"most: {HUGE}", "at most"),
        ("parental.yaml", "order_limit_max: 10000000", f"order_limit_max: {HUGE}", "at most"),
    ],
)
def test_what_cannot_be_a_rule_is_refused_with_its_file_and_line(
    tmp_path: Path, file: str, before: str, after: str, reason: str
) -> None:
    shutil.copytree(FOLDER / "mts", tmp_path / "mts")
    path = tmp_path / "mts" / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    line = text[: text.index(before)].count("\n") + 1
    with pytest.raises(ConfigError) as error:
        load_operator("mts", tmp_path)
    assert str(error.value).startswith(f"{path}:{line}: ")
    assert reason in str(error.value)
    assert "\n" not in str(error.value)
