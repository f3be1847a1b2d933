"""bonus.yaml, parental.yaml, numbers.yaml, internet.yaml: what is wrong in them is told with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from device.api.yaml_file import YamlError
from tools.headend.operators import FOLDER, load_operator


@pytest.mark.parametrize(
    ("file", "right", "wrong", "message"),
    [
        ("bonus.yaml", "percent: 20", "percent: 120", "percent: 120 is outside: 1 or more and at most 100"),
        ("bonus.yaml", "    item: music", "    item: extended", "is no package or option that anybody can have"),
        ("bonus.yaml", "  - id: remote-control", "  - id: discount-100", "'discount-100' stands here twice"),
        ("bonus.yaml", "    kind: gift", "    kind: car", "expected one of discount, service, gift, found 'car'"),
        ("bonus.yaml", "    months: 1", "    amount: 1", "'amount' is not known here"),
        ("parental.yaml", "order_limit: 100000", "order_limit: 100000000", "at most 10000000"),
        ("parental.yaml", "ages: [6, 12, 16, 18]", "ages: [6, 16, 12]", "expected ages in rising order"),
        ("numbers.yaml", "weekdays: [monday, ", "weekdays: [mondays, ", "expected one of monday, tuesday"),
        ("numbers.yaml", '"01-01", ', '"13-01", ', "expected a month and a day"),
        ("internet.yaml", "    alone: 35000", "    alone: 29999", "29999 is outside: 30000 or more"),
        ("internet.yaml", "  - id: static-ip", "  - id: sport", "'sport' is the id of something else"),
        ("internet.yaml", "url: https://", "url: http://", "expected an https address"),
    ],
)
def test_a_broken_file_is_refused_with_file_and_line(
    tmp_path: Path, file: str, right: str, wrong: str, message: str
) -> None:
    folder = tmp_path / "operators"
    shutil.copytree(FOLDER / "mts", folder / "mts")
    path = folder / "mts" / file
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), "utf-8")
    line = text[: text.index(right)].count("\n") + 1
    with pytest.raises(YamlError) as caught:
        load_operator("mts", folder)
    assert message in str(caught.value)
    assert caught.value.path == str(path)
    assert abs(caught.value.line - line) <= 1
