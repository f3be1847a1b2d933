"""What a viewer enters: fields and the keys that stand on the screen for remotes that lack them."""

from __future__ import annotations

from datetime import date
from functools import partial

import ui_assets
from device.api.money import Money
from stb_app.controls.amount import AmountEntry, AmountRule
from stb_app.controls.digits import ACCOUNT_NUMBER, ONE_TIME_CODE, PHONE, DigitsEntry
from stb_app.controls.keyboard import load_keyboard
from stb_app.controls.pin import PinEntry
from stb_app.controls.range import RangeEntry, RangeRule
from stb_app.controls.text import TextEntry, TextRule
from stb_app.input.keys import Key
from stb_app.screens.base import View
from stb_app.screens.calendar import range_parts
from stb_app.screens.entering import ENTRY, amount_parts, digits_parts, pin_parts
from stb_app.screens.writing import text_parts
from stb_app.toolkit.elements import Column, Element
from tools.gallery.exhibit import AWAY, Exhibit

RULE = AmountRule(Money(1000, "RUB"), Money(100000, "RUB"), (Money(10000, "RUB"), Money(50000, "RUB")))
BLOCK = RangeRule(date(2026, 11, 21), date(2027, 1, 31), longest=30)
TWO_DIGITS = (Key.DIGIT_4, Key.DIGIT_8)
FIVE_DIGITS = (*TWO_DIGITS, Key.DIGIT_1, Key.DIGIT_0, Key.DIGIT_2)


def _pin(view: View, control: PinEntry) -> Element:
    return Column(pin_parts(view, view.words("PIN"), control))


def _digits(view: View, control: DigitsEntry) -> Element:
    return Column(digits_parts(view, view.words("Account number"), control))


def _amount(view: View, control: AmountEntry) -> Element:
    return Column(amount_parts(view, view.words("Balance"), control))


def _written(rule: TextRule, start: str = "") -> TextEntry:
    return TextEntry(load_keyboard(ui_assets.ROOT / "keyboards", "ru"), rule, start)


def _text(view: View, control: TextEntry) -> Element:
    return Column(text_parts(view, view.words("Messages"), control))


def _days(view: View, control: RangeEntry) -> Element:
    return Column(range_parts(view, control))


EXHIBITS = (
    Exhibit("pin.away", _pin, PinEntry, focus=AWAY),
    Exhibit("pin.empty", _pin, PinEntry, focus=ENTRY),
    Exhibit("pin.two_digits", _pin, PinEntry, focus=ENTRY, keys=TWO_DIGITS),
    Exhibit("pin.on_the_pad", _pin, PinEntry, focus=ENTRY, keys=(Key.DIGIT_4, Key.DOWN, Key.RIGHT)),
    Exhibit("pin.tall_key", _pin, PinEntry, focus=ENTRY, keys=(Key.DOWN, *[Key.RIGHT] * 5)),
    Exhibit("digits.account_number", _digits, partial(DigitsEntry, ACCOUNT_NUMBER), focus=ENTRY, keys=FIVE_DIGITS),
    Exhibit("digits.telephone", _digits, partial(DigitsEntry, PHONE, "9021234567"), focus=AWAY),
    Exhibit("digits.code", _digits, partial(DigitsEntry, ONE_TIME_CODE), focus=ENTRY, keys=TWO_DIGITS),
    Exhibit("amount.suggested", _amount, partial(AmountEntry, RULE, Money(10000, "RUB")), focus=ENTRY),
    Exhibit("amount.empty", _amount, partial(AmountEntry, RULE), focus=ENTRY),
    Exhibit("text.capital", _text, partial(_written, TextRule()), room="page"),
    Exhibit("text.tapping", _text, partial(_written, TextRule(), "Ан"), room="page", keys=(Key.DIGIT_5,)),
    Exhibit("text.two_lines", _text, partial(_written, TextRule(1, 200), "Каналы пропали. " * 6), room="page"),
    Exhibit("text.signs", _text, partial(_written, TextRule(), "Дом"), room="page", keys=(Key.YELLOW,)),
    Exhibit("range.first_day", _days, partial(RangeEntry, BLOCK), room="page"),
    Exhibit("range.last_day", _days, partial(RangeEntry, BLOCK), room="page", keys=(Key.OK, Key.DOWN, Key.RIGHT)),
    Exhibit("range.too_long", _days, partial(RangeEntry, BLOCK), room="page", keys=(Key.OK, *[Key.DOWN] * 5)),
    Exhibit("amount.typed", _amount, partial(AmountEntry, RULE), focus=ENTRY, keys=FIVE_DIGITS),
)
