"""Help's rules at their edges, and the operator's help.yaml and news.yaml."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.api.yaml_file import YamlError
from tools.headend.domain.help import (
    CHANGEABLE,
    OVER,
    ApplicationState,
    Chat,
    Span,
    Wait,
    call_back_day,
    may_become,
)
from tools.headend.domain.news import News, shown
from tools.headend.domain.statements import disputable, period_fault
from tools.headend.operators import FOLDER, load_operator, operator_names
from tools.headend.operators.help import load_help, load_news

REGIONS = ("moscow", "ural", "primorye")
OPERATORS = {name: load_operator(name) for name in operator_names()}
EVENING = Span("evening", time(17), time(21))
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("at", "day"),
    [(time(0), 21), (time(17), 21), (time(20, 59, 59), 21), (time(21), 22), (time(23, 59), 22)],
)
def test_a_call_back_is_today_until_the_part_of_the_day_is_over(at: time, day: int) -> None:
    assert call_back_day(EVENING, datetime.combine(TODAY, at)) == date(2026, 11, day)


@pytest.mark.parametrize(("at", "minutes"), [(time(8), 5), (time(17, 59), 5), (time(18), 9), (time(7, 59), 9)])
def test_the_wait_is_that_of_the_time_of_day(at: time, minutes: int) -> None:
    chat = Chat("https://x.example/{ticket}", (Wait(time(8), 5), Wait(time(18), 9)))
    assert chat.wait(at) == minutes


@pytest.mark.parametrize("name", OPERATORS)
@given(today=st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_visits_are_within_their_days(name: str, today: date) -> None:
    visits = OPERATORS[name].help.visits
    days = visits.days(today)
    assert days == sorted(set(days))
    assert all(each.isoweekday() in visits.weekdays for each in days)
    assert all(visits.earliest <= (each - today).days <= visits.latest for each in days)
    weeks = (visits.latest - visits.earliest + 1) // 7
    assert len(days) >= weeks * len(visits.weekdays)


def test_an_application_ends_and_is_fixed_once_somebody_is_on_the_way() -> None:
    for state in ApplicationState:
        followers = {other for other in ApplicationState if may_become(state, other)}
        assert (not followers) == (state in OVER)
        assert state not in followers
        if state not in OVER:
            assert ApplicationState.CANCELLED in followers, "the operator can always call off"
    assert {ApplicationState.SENT, ApplicationState.AGREED} == CHANGEABLE
    assert not may_become(ApplicationState.SENT, ApplicationState.DONE)
    assert not may_become(ApplicationState.SENT, ApplicationState.ON_THE_WAY)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(0, 0, None), (-1, 0, None), (0, 1, "to"), (1, 1, "to"), (0, -1, "from"), (-30, -30, None)],
)
def test_a_statements_period_ends_today_at_most(first: int, last: int, field: str | None) -> None:
    fault = period_fault(TODAY + timedelta(days=first), TODAY + timedelta(days=last), TODAY)
    assert (fault[0] if fault else None) == field


@pytest.mark.parametrize(
    ("kind", "change", "expected"),
    [
        ("package_fee", -1, True),
        ("tariff_fee", -100, True),
        ("package_fee", 1, False),
        ("package_fee", 0, False),
        ("payment", 5, False),
        ("transfer", -5, False),
        ("promise", -5, False),
        ("correction", -5, False),
    ],
)
def test_only_charges_for_services_are_disputed(kind: str, change: int, expected: bool) -> None:
    assert disputable(kind, change) is expected


def news(news_id: str, first: date, last: date | None = None, *regions: str) -> News:
    return News(news_id, "news", first, last, frozenset(regions), None, {}, {})


def test_news_are_shown_from_their_first_to_their_last_day() -> None:
    every = [
        news("today", TODAY, TODAY),
        news("tomorrow", TODAY + timedelta(days=1)),
        news("over", TODAY - timedelta(days=9), TODAY - timedelta(days=1)),
        news("old", TODAY - timedelta(days=99)),
        news("here", TODAY - timedelta(days=1), None, "moscow", "ural"),
        news("elsewhere", TODAY, None, "ural"),
    ]
    assert [each.id for each in shown(every, "moscow", TODAY)] == ["today", "here", "old"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("region: moscow", "region: mars", "expected one of moscow, ural, primorye, found 'mars'"),
        ("{ticket}", "ticket", "expected {ticket}, which stands for the request"),
        ("coverage_url: https://", "coverage_url: http://", "expected an https URL"),
        ('from: "12:00", to: "17:00"', 'from: "17:00", to: "17:00"', "expected 'from' before 'to'"),
        ('from: "09:00"', 'from: "9 h"', "expected a time as"),
        ("earliest: 1", "earliest: 15", "latest: 14 is outside"),
        ("weekdays: [1, 2, 3, 4, 5, 6]", "weekdays: [0]", "0 is outside"),
        ("weekdays: [1, 2, 3, 4, 5, 6]", "weekdays: []", "expected at least one day"),
        ("- id: moving", "- id: no-signal", "'no-signal' stands here twice"),
        ('{from: "18:00", minutes: 20}', '{from: "08:00", minutes: 20}', "expected times that grow"),
        ("en: day and night", "de: Tag und Nacht", "'de' is not known here"),
        ("  repair:", "  repairs:", "'repairs' is not known here"),
        ("open_most: 20", "open_most: 0", "open_most: 0 is outside"),
    ],
)
def test_a_broken_help_file_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    text = (FOLDER / "mts" / "help.yaml").read_text()
    assert old in text
    file = tmp_path / "help.yaml"
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(YamlError, match=r"help\.yaml:\d+: ") as refused:
        load_help(file, REGIONS)
    assert complaint in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("item: cinema", "item: opera", "expected one of cinema, found 'opera'"),
        ("until: 2027-12-31", "until: 2026-10-31", "expected a day that is not before 'from'"),
        ("from: 2026-10-01", "from: tomorrow", "expected a day as 2026-11-21, found 'tomorrow'"),
        ("kind: offer", "kind: gossip", "expected one of news, offer"),
        ("regions: [ural, primorye]", "regions: [mars]", "expected one of moscow, ural, primorye"),
        ("id: ural-retune", "id: cinema-offer", "'cinema-offer' stands here twice"),
    ],
)
def test_a_broken_news_file_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    text = (FOLDER / "mts" / "news.yaml").read_text()
    assert old in text
    file = tmp_path / "news.yaml"
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(YamlError, match=r"news\.yaml:\d+: ") as refused:
        load_news(file, REGIONS, ("cinema",))
    assert complaint in str(refused.value)
