"""Thumbnails of recordings: small pictures of slides, drawn when they are asked for, the same ones each time."""

import hashlib
import struct
import zlib

WIDTH, HEIGHT = 176, 136
#: How many a recording has.
NUMBER = 3

_PAPER, _MARGIN, _LINE, _GAP = bytes((250, 250, 250)), 16, 8, 18


def path(record_id: str, number: int) -> str:
    """Return where a thumbnail is served; numbers begin at 1."""
    return f"/presentation/{record_id}/thumbnails/thumb-{number}.png"


def png(record_id: str, number: int) -> bytes:
    """Draw a slide with a coloured title and a few lines of no text."""
    digest = hashlib.sha256(f"{record_id} {number}".encode()).digest()
    ink = bytes(40 + byte % 140 for byte in digest[:3])
    rows = [_PAPER * WIDTH] * HEIGHT
    for line, length in enumerate(digest[3:8]):
        height = 3 * _LINE if line == 0 else _LINE
        top = _MARGIN + (0 if line == 0 else 2 * _LINE + line * _GAP)
        filled = WIDTH // 3 + length * (WIDTH - 2 * _MARGIN - WIDTH // 3) // 255
        row = _PAPER * _MARGIN + ink * filled + _PAPER * (WIDTH - _MARGIN - filled)
        rows[top : top + height] = [row] * height
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
