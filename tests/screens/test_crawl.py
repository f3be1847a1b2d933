"""The crawl finds what nobody told it of, and ends."""

from __future__ import annotations

import itertools

import pytest

from stb_app.navigation import Back, Choose, Destination, Open, Stay, Tell
from stb_app.preferences import Preferences
from stb_app.screens.base import Frame, Screen, View
from stb_app.screens.frame import page
from stb_app.screens.tv import TvScreen
from stb_app.toolkit.elements import Column, Element, Text
from stb_app.toolkit.stage import Page
from stb_app.toolkit.widgets import button
from tests.screens import crawl, stress
from tests.screens.crawl import Crawl, Visit
from tests.screens.looks import Look, UnpaintedPilot
from tools.pilot.pilot import Pilot


class Offering(Screen):
    """Has buttons that lead where the test says."""

    name = "offering"

    def __init__(self, **leads: Destination) -> None:
        self.leads = leads

    def select(self, focus: str, view: View) -> Destination:
        return self.leads.get(focus, Stay())

    def build(self, view: View, frame: Frame) -> Page:
        buttons: list[Element] = [button(name, name) for name in self.leads]
        return page(self, view, frame, Column([Text(self.title), *buttons], gap="medium"))

    @property
    def title(self) -> str:
        return "Буквы"


class Deeper(Offering):
    name = "deeper"


class Endless(Offering):
    """Has one button more each time."""

    name = "endless"

    def select(self, focus: str, view: View) -> Destination:
        return Open(Endless(**self.leads, **{"again" + "n" * len(self.leads): Stay()}))


class Wizard(Offering):
    """The same parts, other words."""

    name = "wizard"
    step = 0

    def select(self, focus: str, view: View) -> Destination:
        further = Wizard(**self.leads)
        further.step = self.step + 1
        return Open(further)

    @property
    def title(self) -> str:
        return "шаг" + "и" * self.step


def crawled(screen: type[Offering], **leads: Destination) -> list[Visit]:
    def start() -> Pilot:
        pilot = UnpaintedPilot(stress.calm(), Look("M"))
        pilot.lead(Open(screen(**leads)))
        return pilot

    return list(Crawl(start, inside=True).visits())


def test_what_a_button_leads_to_is_found() -> None:
    found = {visit.place.screen: str(visit) for visit in crawled(Offering, a=Stay(), b=Open(Deeper(c=Back())))}
    assert found["deeper"] == "b"
    assert found["help"] == "INFO"


def test_a_step_with_the_same_parts_and_other_words_is_another_place() -> None:
    found = [visit for visit in crawled(Wizard, a=Stay()) if visit.place.screen == "wizard"]
    assert len(found) == crawl.MOST_VARIANTS


def test_a_toast_is_looked_at_and_waited_for() -> None:
    found = [visit.place.toast for visit in crawled(Offering, a=Tell("Готово"), b=Stay())]
    assert found.count(True) == 1


def test_what_a_viewer_chooses_does_not_change_the_look() -> None:
    pilot = UnpaintedPilot(stress.calm(), Look("M"))
    pilot.lead(Choose(Preferences("en", "XL"), Open(TvScreen())))
    assert pilot.app.dump()["language"] == "ru" and pilot.screen == "tv"
    assert pilot.kept == [Preferences("en", "XL")]


def test_a_crawl_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawl, "MOST_PLACES", 10)
    with pytest.raises(AssertionError, match=r"more than 10 places, most of them \[\('endless'"):
        crawled(Endless, a=Stay())


def test_rows_that_differ_by_a_number_are_taken_in_samples() -> None:
    rows = [f"row.{number}" for number in range(9)]
    assert crawl.sampled(["pay", *rows, "help"]) == ["pay", "row.0", "row.1", "row.8", "help"]


def test_a_way_that_leads_elsewhere_the_second_time_is_told() -> None:
    times = itertools.count()

    def start() -> Pilot:
        pilot = UnpaintedPilot(stress.calm(), Look("M"))
        if next(times):
            pilot.lead(Open(TvScreen()))
        return pilot

    with pytest.raises(AssertionError, match="lead elsewhere"):
        list(Crawl(start).visits())
