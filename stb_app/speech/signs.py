"""Signs of a screen that stand for words."""

from __future__ import annotations

from stb_app.account.formats import NARROW

SIGNS = {sign: code for code, sign in NARROW.items()}
"""Sign of a currency -> its code (ISO 4217)."""

UNITS = (
    "concentr-percent",
    "temperature-celsius",
    "frequency-megahertz",
    "electric-volt",
    "digital-megabyte",
    "digital-gigabyte",
    "digital-terabyte",
    "duration-minute",
    "duration-second",
)
"""CLDR's names of the units that a screen shows by a sign."""
DECIBEL = frozenset({"dB", "дБ"})
DECIBEL_MICROVOLT = frozenset({"dBµV", "dBμV", "дБмкВ"})
MEGABIT_A_SECOND = frozenset({"Mbit/s", "Mb/s", "Мбит/с"})
"""Those that CLDR does not have, or not in all languages."""

PAUSES = str.maketrans(
    {
        **dict.fromkeys("→←↑↓·|;—–()[]{}", ", "),
        "…": ".",
        "’": "'",
        **dict.fromkeys('«»“”„"*•/\\_=<>~^`#', " "),
    }
)
"""Signs that people read as a pause, or not at all."""
