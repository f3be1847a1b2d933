"""What a screen writes otherwise than people say it: sums, dates, times, ranges, units, numbers, hidden parts."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stb_app.speech.numbers import LONGEST, Numbers
from stb_app.speech.signs import SIGNS

SPACE = "[ \u00a0\u202f\u2009]"
_OF = rf"(?:{SPACE}de)?{SPACE}"
"""Between day, month and year; Spanish puts a word there."""
_BULLETS = r"[^\s\"«»“”]*•[^\s\"«»“”]*"
"""A word of which a part is hidden."""

_DOTTED = r"(?<![\w.])(?!\d{1,3}(?:\.\d{3})+(?![\d.]))\d{1,18}(?:\.\d{1,18}){2,}"
"""A version or an address, not thousands with points between them."""


def any_of(texts: Iterable[str]) -> str:
    """A pattern for one of ``texts``, the longest that stands there."""
    return "|".join(re.escape(each) for each in sorted(texts, key=len, reverse=True))


def everything(numbers: Numbers, months: Iterable[str]) -> re.Pattern[str]:
    """One pattern whose group that matched (``lastgroup``) names what was found; what comes first wins."""
    month = f"(?i:{any_of(months)})"
    kinds = {
        "hidden": rf"(?<![^\s\"«»“”])(?:\+\d+\s)?{_BULLETS}(?:\s+{_BULLETS})*(?:\s+(?P<tail>\d{{2,}}))?",
        "iso_date": r"(?<!\d)(?P<iso_year>\d{4})-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)(?!\d)",
        "sum": _sum(numbers),
        "span": rf"(?P<from_day>{_plain_date(month)}){SPACE}?[–—]{SPACE}?(?P<to_day>{_plain_date(month)})",
        "date": rf"(?<![\d.,])(?P<day>\d{{1,2}})\.?{_OF}(?P<month>{month})(?!\w)(?:{_year('year')})?",
        "month_of_year": rf"(?<!\w)(?P<only_month>{month}){_year('its_year')}",
        "short_date": r"(?<![\d.,/])(?P<short_day>[0-3]?\d)(?:(?P<dot>\.[ \u00a0]?|/)(?P<short_month>[01]?\d)(?P=dot)"
        r"(?P<short_year>\d{4})|(?<=\d\d)\.(?P<bare_month>[01]\d)(?![.,/]?\d))(?!\d)",
        "time": r"(?<![\d:])(?P<hours>[01]?\d|2[0-3]):(?P<minutes>[0-5]\d)(?![\d:])",
        "range": rf"(?<![\w.,])(?P<first>{numbers.pattern}){SPACE}?[–—]{SPACE}?(?P<last>{numbers.pattern})"
        rf"(?:{SPACE}?(?P<range_unit>{any_of(numbers.units)})(?!\w))?",
        "measure": rf"(?P<measure_sign>−)?(?<![\d.,])(?P<value>{numbers.pattern}){SPACE}?"
        rf"(?P<unit>{any_of(numbers.units)})(?!\w)",
        "name": rf"{_DOTTED}|\d{{{LONGEST + 1},}}|\+?(?<!\w)\d+(?:[ \u00a0()-]{{1,2}}\d+){{2,}}"
        rf"|(?<!\w)\d{{4}}(?:{SPACE}\d{{3,4}})+(?!\d)",
        "number": rf"(?P<sign>[−+](?=\d))?(?P<digits>{numbers.pattern})",
        "currency": any_of(SIGNS),
    }
    return re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items()))


def _sum(numbers: Numbers) -> str:
    """The currency behind the number or before it, as the language has it."""
    currency, million = any_of((*SIGNS, *SIGNS.values())), any_of(numbers.millions)
    before = (
        rf"(?P<before>{currency}){SPACE}?(?P<inner_sign>−)?(?P<after_it>{numbers.pattern})"
        rf"(?:{SPACE}?(?P<millions_after>{million}))?"
    )
    behind = (
        rf"(?<![\d.,])(?P<amount>{numbers.pattern})(?:{SPACE}?(?P<millions>{million}))?{SPACE}?(?P<behind>{currency})"
    )
    return rf"(?P<outer_sign>[−+])?(?:{before}|{behind})(?!\w)"


def _plain_date(month: str) -> str:
    return rf"(?<![\d.,])\d{{1,2}}\.?{_OF}{month}(?!\w)(?:{_OF}\d{{4}}(?!\d)(?:{SPACE}?(?:г\.|года)(?!\w))?)?"


def _year(name: str) -> str:
    return rf"{_OF}(?P<{name}>\d{{4}})(?!\d)(?:{SPACE}?(?:г\.|года)(?!\w))?"
