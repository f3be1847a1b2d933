"""Historical bytes in words (ISO/IEC 7816-4:2005 8.1): category indicator, COMPACT-TLV objects, status indicator."""

from __future__ import annotations

from collections.abc import Iterator

from smartcard.status_word import describe

Part = tuple[int, str]
"""So many bytes, and what they say."""

_COMPACT_TLV_WITH_STATUS, _DIR_REFERENCE, _COMPACT_TLV = 0x00, 0x10, 0x80
_TAGS = {
    0x1: "country code (ISO 3166-1)",
    0x2: "issuer identification number (ISO/IEC 7812-1)",
    0x3: "card service data",
    0x4: "initial access data",
    0x5: "card issuer's data",
    0x6: "pre-issuing data",
    0x7: "card capabilities",
    0x8: "status indicator",
    0xF: "application identifier",
}
_LIFE_CYCLE = {0x00: "no information", 0x01: "creation", 0x03: "initialisation"}
_LIFE_CYCLE |= dict.fromkeys((0x04, 0x06), "operational, deactivated")
_LIFE_CYCLE |= dict.fromkeys((0x05, 0x07), "operational, activated")
_LIFE_CYCLE |= dict.fromkeys(range(0x0C, 0x10), "termination")


def explain_historical(data: bytes) -> Iterator[Part]:
    """Every byte of ``data`` (0 to 15), in order, in exactly one part."""
    if not data:
        return
    category, rest = data[0], data[1:]
    if category == _COMPACT_TLV:
        yield 1, "category: COMPACT-TLV objects follow, a status among them if there is one"
        yield from _objects(rest)
    elif category == _COMPACT_TLV_WITH_STATUS:
        yield 1, "category: COMPACT-TLV objects, then three bytes of status"
        end = max(len(rest) - 3, 0)
        yield from _objects(rest[:end])
        yield from _status_at_end(rest[end:])
    elif category == _DIR_REFERENCE:
        yield 1, "category: the next byte is the DIR data reference"
        if rest:
            yield 1, "DIR data reference"
        if rest[1:]:
            yield len(rest) - 1, f"more than the standard foresees{_as_text(rest[1:])}"
    elif 0x81 <= category <= 0x8F:
        yield len(data), f"category {category:02X}: reserved by ISO/IEC{_as_text(data)}"
    else:
        yield len(data), f"of the maker's own format{_as_text(data)}"


def _objects(data: bytes) -> Iterator[Part]:
    while data:
        tag, length = data[0] >> 4, data[0] & 0x0F
        name = _TAGS.get(tag, f"tag {tag:X}, none of the standard's")
        value, data = data[1 : 1 + length], data[1 + length :]
        if len(value) < length:
            yield 1 + len(value), f"{name}: announces {length} bytes, {len(value)} are there{_as_text(value)}"
        else:
            yield 1 + length, f"{name}{_meaning(tag, value)}"


def _meaning(tag: int, value: bytes) -> str:
    if tag == 0x1:
        return f": {value.hex().rstrip('f')}"
    if tag == 0x3 and len(value) == 1:
        return f": {'; '.join(_services(value[0]))}"
    if tag == 0x7 and 1 <= len(value) <= 3:
        return f": {'; '.join(_capabilities(value))}"
    if tag == 0x8:
        return f": {_status(value)}"
    return _as_text(value)


def _services(byte: int) -> Iterator[str]:
    """Table 85."""
    for bit, text in (
        (0x80, "applications are selected by full name"),
        (0x40, "applications are selected by partial name"),
        (0x20, "data objects in EF.DIR"),
        (0x10, "data objects in EF.ATR"),
    ):
        if byte & bit:
            yield text
    access = {0b100: "READ BINARY", 0b000: "READ RECORD", 0b010: "GET DATA"}.get(byte >> 1 & 0b111, "a reserved way")
    yield f"these are read by {access}"
    yield "no master file" if byte & 1 else "a master file"


def _capabilities(value: bytes) -> Iterator[str]:
    """Tables 86 to 88, as many of them as there are bytes."""
    ways = ("full name", "partial name", "path", "file identifier", "being the only one")
    selection = [text for bit, text in enumerate(ways) if value[0] & 0x80 >> bit]
    if selection:
        yield f"files are selected by {', '.join(selection)}"
    for bit, text in ((0x04, "short file identifiers"), (0x02, "record numbers"), (0x01, "record identifiers")):
        if value[0] & bit:
            yield text
    if len(value) > 1:
        if value[1] & 0x80:
            yield "files of TLV structure"
        yield f"writing is {('one-time', 'proprietary', 'a logical or', 'a logical and')[value[1] >> 5 & 0b11]}"
        yield f"'FF' is {'a' if value[1] & 0x10 else 'no'} valid first byte of a tag"
        yield f"a data unit has {2 ** (value[1] & 0x0F)} quartets"
    if len(value) > 2:
        yield from _third_capability(value[2])


def _third_capability(byte: int) -> Iterator[str]:
    if byte & 0x80:
        yield "command chaining"
    if byte & 0x40:
        yield "extended Lc and Le"
    assigned = ("", "by the card", "by the reader", "by card and reader")[byte >> 3 & 0b11]
    most = "8 or more" if byte & 0b111 == 0b111 else str((byte & 0b111) + 1)
    yield f"{most} logical channels, numbered {assigned}" if assigned else "one logical channel"


def _status_at_end(value: bytes) -> Iterator[Part]:
    if len(value) == 3:
        yield 3, f"status indicator: {_status(value)}"
    elif value:
        yield len(value), "status indicator, cut short"


def _status(value: bytes) -> str:
    """Life cycle status, status word, or both (8.1.1.3)."""
    if len(value) == 1:
        return f"life cycle: {_life_cycle(value[0])}"
    if len(value) == 2:
        return _word(value)
    if len(value) == 3:
        return f"life cycle: {_life_cycle(value[0])}; {_word(value[1:])}"
    return "of a length that is not foreseen"


def _life_cycle(byte: int) -> str:
    return _LIFE_CYCLE.get(byte, "proprietary" if byte >= 0x10 else "reserved")


def _word(value: bytes) -> str:
    word = int.from_bytes(value, "big")
    return "no status word" if word == 0 else f"status word {word:04X}, {describe(word)}"


def _as_text(data: bytes) -> str:
    text = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in data)
    return f': "{text}"' if any(char != "." for char in text) else ""
