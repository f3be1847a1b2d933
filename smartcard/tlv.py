"""BER-TLV data objects as ISO/IEC 7816-4 5.2.2 restricts them: tags of 1 to 3 bytes, lengths of 1 to 5, definite."""

from __future__ import annotations

from dataclasses import dataclass

from smartcard.errors import ProtocolError

MAX_TAG_BYTES = 3
MAX_LENGTH_BYTES = 4


class TLVError(ProtocolError):
    """Not BER-TLV; ``offset`` is where, from 0."""

    kind = "tlv"

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(f"{message} (at byte {offset})")
        self.offset = offset


@dataclass(frozen=True)
class TLV:
    """One data object; the tag is the number that its bytes make (``0x7F49``)."""

    tag: int
    value: bytes

    def encode(self) -> bytes:
        return encode(self.tag, self.value)


def encode(tag: int, value: bytes) -> bytes:
    """The data object ``tag`` with the shortest length field. TLVError for a number that is no tag."""
    raw = tag.to_bytes(max(1, (tag.bit_length() + 7) // 8), "big")
    parsed, end = _tag(raw, 0)
    if parsed != tag or end != len(raw):
        raise TLVError(f"{tag:X} is no tag", 0)
    return raw + _length_field(len(value)) + value


def _length_field(length: int) -> bytes:
    if length < 0x80:
        return bytes((length,))
    raw = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(raw),)) + raw


def parse(data: bytes) -> list[TLV]:
    """All data objects of one level, in their order; TLVError where ``data`` is not just that."""
    objects: list[TLV] = []
    offset = 0
    while offset < len(data):
        tag, offset = _tag(data, offset)
        length, offset = _length(data, offset)
        if length > len(data) - offset:
            raise TLVError(f"{tag:X} announces {length} bytes, {len(data) - offset} follow", offset)
        objects.append(TLV(tag, data[offset : offset + length]))
        offset += length
    return objects


def one(data: bytes, tag: int) -> bytes:
    """The value of ``data`` that is exactly one data object ``tag``."""
    objects = parse(data)
    if len(objects) != 1 or objects[0].tag != tag:
        found = ", ".join(f"{each.tag:X}" for each in objects) or "nothing"
        raise TLVError(f"expected one {tag:X}, found {found}", 0)
    return objects[0].value


def find(objects: list[TLV], tag: int) -> bytes | None:
    """The value of the first ``tag``, None where there is none."""
    return next((each.value for each in objects if each.tag == tag), None)


def _tag(data: bytes, offset: int) -> tuple[int, int]:
    """Tag field (5.2.2.1): bits 5 to 1 all set in the first byte say that more follow, bit 8 in these that yet more."""
    first = data[offset]
    if first in (0x00, 0xFF):
        raise TLVError(f"{first:02X} begins no tag", offset)
    end = offset + 1
    if first & 0x1F == 0x1F:
        while True:
            if end >= len(data) or end - offset >= MAX_TAG_BYTES:
                raise TLVError("the tag does not end", offset)
            end += 1
            if not data[end - 1] & 0x80:
                break
    return int.from_bytes(data[offset:end], "big"), end


def _length(data: bytes, offset: int) -> tuple[int, int]:
    """Length field (5.2.2.2); 80 (indefinite) and more than 4 bytes of length are not for cards."""
    if offset >= len(data):
        raise TLVError("the length is missing", offset)
    first = data[offset]
    if first < 0x80:
        return first, offset + 1
    count = first & 0x7F
    if not 1 <= count <= MAX_LENGTH_BYTES:
        raise TLVError(f"a length field {first:02X} is not allowed", offset)
    end = offset + 1 + count
    if end > len(data):
        raise TLVError("the length is cut short", offset)
    return int.from_bytes(data[offset + 1 : end], "big"), end
