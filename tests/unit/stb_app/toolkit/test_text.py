"""Text: digits in cells of one width, wrapping that keeps every character."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stb_app.toolkit.cache import Cache
from stb_app.toolkit.text import MAX_KEPT, Span, TextRenderer, parse_strong
from stb_app.toolkit.theme import TEXT_SIZES
from tests.unit.stb_app.support import family, kit, theme

TABULAR = ("hero", "hero_small", "title", "sum", "header_note", "footer")
WHITE = (235, 235, 235)
RENDERER = kit().text
WORDS = st.text(st.sampled_from("аЩжЙў1287 ,.−₽€\u00a0\u2009WilñČ-\n"), max_size=60)


@pytest.mark.parametrize("name", ["manrope", "pt_sans"])
@pytest.mark.parametrize("size", TEXT_SIZES)
def test_tabular_digits_are_equally_wide(size: str, name: str) -> None:
    renderer = TextRenderer(theme(size), family(name), Cache(2**20))
    for style in TABULAR:
        widths = {renderer.width(digit * 4, style, tabular=True) for digit in "0123456789"}
        drawn = {renderer.render(digit * 4, style, WHITE, tabular=True).get_width() for digit in "0123456789"}
        assert len(widths) == 1 and widths == drawn, style


def test_the_font_itself_would_not_do() -> None:
    """If this fails the font has learned tabular digits, and the cells can go."""
    assert RENDERER.width("1111", "hero") < RENDERER.width("0000", "hero")


def test_a_tabular_sum_is_drawn_as_wide_as_it_was_measured() -> None:
    for sum_ in ("1\u2009284,50\u00a0₽", "−1\u2009234\u2009567,89\u00a0₽", "₽0.00", "7"):
        assert RENDERER.render(sum_, "hero", WHITE, tabular=True).get_width() == RENDERER.width(sum_, "hero", True)


def test_digits_keep_their_columns_whatever_stands_beside_them() -> None:
    """The cells of 111,11 and 888,88 are the same: the difference of two pictures lies in the digits alone."""
    ones, eights = (RENDERER.render(sum_, "sum", WHITE, tabular=True) for sum_ in ("111,11", "888,88"))
    comma = RENDERER.width("111", "sum", tabular=True)
    strip = (comma, 0, RENDERER.width(",", "sum"), ones.get_height())
    assert ones.subsurface(strip).get_bounding_rect() == eights.subsurface(strip).get_bounding_rect()


@given(WORDS, st.integers(20, 900), st.sampled_from(["body", "title", "sum"]), st.booleans())
def test_wrapping_keeps_to_the_width_and_every_character(text: str, width: int, style: str, tabular: bool) -> None:
    lines = RENDERER.flow([Span(text, style)], width, tabular)
    for line in lines:
        wide = sum(RENDERER.width(span.text, span.style, tabular) for span in line)
        assert wide <= width or sum(len(span.text) for span in line) == 1, (line, wide)
    kept = "".join(span.text for line in lines for span in line)
    assert kept.replace(" ", "") == text.replace(" ", "").replace("\n", "")


@given(WORDS, st.integers(60, 900))
def test_wrapping_breaks_at_spaces_where_the_words_fit(text: str, width: int) -> None:
    words = [word for part in text.split("\n") for word in part.split(" ") if word]
    if any(RENDERER.width(word, "body") > width for word in words):
        return
    lines = RENDERER.flow([Span(text, "body")], width)
    got = [word for line in lines for word in "".join(span.text for span in line).split(" ") if word]
    assert got == words


@given(st.lists(WORDS, min_size=1, max_size=4), st.integers(60, 900))
def test_strong_parts_flow_like_the_rest(parts: list[str], width: int) -> None:
    spans = parse_strong("**".join(parts), "lead")
    assert "".join(span.text for span in spans) == "".join(parts)
    lines = RENDERER.flow(spans, width)
    kept = [(char, span.style) for line in lines for span in line for char in span.text if char != " "]
    given_ = [(char, span.style) for span in spans for char in span.text if char not in " \n"]
    assert kept == given_
    for line in lines:
        wide = sum(RENDERER.width(span.text, span.style) for span in line)
        assert wide <= width or sum(len(span.text) for span in line) == 1


def test_strong_parts_stand_between_stars() -> None:
    assert parse_strong("until **14 May** or so", "body") == [
        Span("until ", "body"),
        Span("14 May", "body!"),
        Span(" or so", "body"),
    ]
    assert parse_strong("", "body") == []


def test_no_break_spaces_do_not_break() -> None:
    text = "14\u00a0декабря"
    width = RENDERER.width(text, "body") + 2
    lines = RENDERER.flow([Span(f"Хватит до {text}", "body")], width)
    assert lines[-1] == [Span(text, "body")]


def test_kept_lines_are_those_of_flow() -> None:
    for text, width in product(("Хватит до **31 декабря**", "one\ntwo three"), (120, 300, 900)):
        assert RENDERER.lines(text, "lead", width) == RENDERER.flow(parse_strong(text, "lead"), width)
        assert RENDERER.lines(text, "lead", width) is RENDERER.lines(text, "lead", width)


def test_a_text_is_drawn_once() -> None:
    assert RENDERER.render("row 199", "body", WHITE) is RENDERER.render("row 199", "body", WHITE)
    for text, style, colour, tabular in (
        ("row 198", "body", WHITE, False),
        ("row 199", "sum", WHITE, False),
        ("row 199", "body", (20, 20, 20), False),
        ("row 199", "body", WHITE, True),
    ):
        other = RENDERER.render(text, style, colour, tabular)
        assert other is not RENDERER.render("row 199", "body", WHITE)


def test_what_is_measured_is_not_kept_for_ever() -> None:
    renderer = TextRenderer(theme(), family(), Cache(0))
    for number in range(2 * MAX_KEPT + 10):
        renderer.lines(f"row {number}", "body", 300)
        assert len(renderer._lines) <= MAX_KEPT + 1 and len(renderer._widths) <= MAX_KEPT + 1
