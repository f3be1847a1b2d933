"""Small PNG files of flat pictures: unfiltered rows compress best there, and the same pixels make the same file."""

from __future__ import annotations

import struct
import zlib

import pygame

SIGNATURE = b"\x89PNG\r\n\x1a\n"
RGB, DEPTH = 2, 8


def png(surface: pygame.Surface) -> bytes:
    """PNG (ISO/IEC 15948) of a surface, 8 bits a channel, without alpha."""
    width, height = surface.get_size()
    raw, stride = pygame.image.tobytes(surface, "RGB"), width * 3
    rows = b"".join(b"\0" + raw[start : start + stride] for start in range(0, len(raw), stride))
    header = struct.pack(">IIBBBBB", width, height, DEPTH, RGB, 0, 0, 0)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
