"""What the viewer chose: kept whole, read back, and never a reason not to start."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stb_app.controls.edges import LONGEST_EDGE
from stb_app.preferences import Allowed, PreferenceFile, Preferences, preferences_of

LANGUAGES, THEMES = ("en", "ru", "sk", "es"), ("contrast", "default")
ALLOWED = Allowed(LANGUAGES, THEMES)
EDGE = st.integers(0, LONGEST_EDGE)
CHOICES = st.builds(
    Preferences,
    language=st.sampled_from(LANGUAGES),
    text_size=st.sampled_from(["S", "M", "L", "XL"]),
    theme=st.sampled_from(THEMES),
    speech=st.booleans(),
    key_repeat=st.sampled_from(["normal", "slow", "off"]),
    motion=st.booleans(),
    edges=st.tuples(EDGE, EDGE, EDGE, EDGE),
)


@given(CHOICES)
def test_what_was_kept_is_what_was_chosen(chosen: Preferences) -> None:
    kept = json.loads(json.dumps(asdict(chosen)))
    assert preferences_of(kept, ALLOWED, Preferences()) == chosen


@given(st.dictionaries(st.sampled_from([*asdict(Preferences()), "other"]), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)))  # fmt: skip
def test_whatever_stands_in_the_file_there_are_preferences_that_can_be_used(kept: dict[str, object]) -> None:
    made = preferences_of(kept, ALLOWED, Preferences())
    for name, value in asdict(made).items():
        assert ALLOWED.accepts(name, value), (name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("language", "uk"), ("theme", "../x"), ("text_size", "XXL"), ("speech", 1), ("edges", [0, 0, 0]),
     ("edges", [0, 0, 0, LONGEST_EDGE + 1]), ("edges", [True, 0, 0, 0]), ("key_repeat", ["normal"])],
)  # fmt: skip
def test_one_value_that_cannot_be_used_costs_no_other(
    name: str, value: object, caplog: pytest.LogCaptureFixture
) -> None:
    made = preferences_of({"motion": False, name: value}, ALLOWED, Preferences())
    assert made == Preferences(motion=False)
    assert name in caplog.text


def test_a_choice_is_on_the_disk_when_the_file_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "state" / "preferences.json"
    file = PreferenceFile(path)
    assert file.read() == {}
    for language in ("en", "sk", "es"):
        file.keep(Preferences(language=language, edges=(8, 4, 0, 12)))
    file.close()
    again = PreferenceFile(path)
    assert preferences_of(again.read(), ALLOWED, Preferences()) == Preferences("es", edges=(8, 4, 0, 12))
    again.close()


def test_a_disk_that_refuses_is_told_and_nothing_breaks(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("x")
    file = PreferenceFile(tmp_path / "file" / "preferences.json")
    file.keep(Preferences("en"))
    file.close()
    assert "cannot be written" in caplog.text
