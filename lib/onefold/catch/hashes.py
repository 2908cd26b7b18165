"""The hashes of Spark over single values, in plain Python: block keys and known values are found by them.

Sources: xxHash64 and MurmurHash3 (32 bit), as `xxhash64` and `hash` of Spark use them, with seed 42 and a chain over the columns.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

__all__ = ["SEED", "Hashable", "murmur3", "xxhash64"]

SEED = 42
"""What Spark begins with."""

Hashable = tuple[object, str]
"""A value and its width: `i` for integers of 32 bits, `l` for anything else."""

_M64, _M32 = (1 << 64) - 1, (1 << 32) - 1
_P1, _P2, _P3, _P4, _P5 = (
    0x9E3779B185EBCA87,
    0xC2B2AE3D27D4EB4F,
    0x165667B19E3779F9,
    0x85EBCA77C2B2AE63,
    0x27D4EB2F165667C5,
)


def xxhash64(values: Iterable[Hashable], seed: int = SEED) -> int:
    """Return the signed 64-bit hash of the values in order; nulls are passed over.

    >>> xxhash64([("Spark", "l")])
    -4294468057691064905
    """
    found = seed
    for value, width in values:
        if value is not None:
            found = _signed(_xxh64(_bytes(value, width), found & _M64), 64)
    return found


def murmur3(values: Iterable[Hashable], seed: int = SEED) -> int:
    """Return the signed 32-bit hash of the values in order; nulls are passed over.

    >>> murmur3([("Spark", "l")])
    228093765
    """
    found = seed
    for value, width in values:
        if value is not None:
            found = _murmur(_bytes(value, width), found & _M32)
    return _signed(found, 32)


def _bytes(value: object, width: str) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, float):
        return struct.pack("<d", value)
    if isinstance(value, bool) or (isinstance(value, int) and width == "i"):
        return struct.pack("<i", int(value))
    if isinstance(value, int):
        return struct.pack("<q", value)
    raise TypeError(f"a {type(value).__name__} is not hashed here")


def _signed(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value


def _turned(value: int, by: int) -> int:
    return ((value << by) | (value >> (64 - by))) & _M64


def _round(lane: int, piece: int) -> int:
    return _turned((lane + piece * _P2) & _M64, 31) * _P1 & _M64


def _xxh64(data: bytes, seed: int) -> int:
    length, at = len(data), 0
    if length >= 32:
        lanes = [(seed + _P1 + _P2) & _M64, (seed + _P2) & _M64, seed, (seed - _P1) & _M64]
        while at + 32 <= length:
            pieces = struct.unpack_from("<4Q", data, at)
            lanes = [_round(lane, piece) for lane, piece in zip(lanes, pieces, strict=True)]
            at += 32
        found = sum(_turned(lane, by) for lane, by in zip(lanes, (1, 7, 12, 18), strict=True)) & _M64
        for lane in lanes:
            found = ((found ^ _round(0, lane)) * _P1 + _P4) & _M64
    else:
        found = (seed + _P5) & _M64
    found = (found + length) & _M64
    while at + 8 <= length:
        (piece,) = struct.unpack_from("<Q", data, at)
        found = (_turned(found ^ _round(0, piece), 27) * _P1 + _P4) & _M64
        at += 8
    if at + 4 <= length:
        (piece,) = struct.unpack_from("<I", data, at)
        found = (_turned(found ^ (piece * _P1 & _M64), 23) * _P2 + _P3) & _M64
        at += 4
    for byte in data[at:]:
        found = _turned(found ^ (byte * _P5 & _M64), 11) * _P1 & _M64
    found = (found ^ (found >> 33)) * _P2 & _M64
    found = (found ^ (found >> 29)) * _P3 & _M64
    return found ^ (found >> 32)


def _turned32(value: int, by: int) -> int:
    return ((value << by) | (value >> (32 - by))) & _M32


def _mixed(found: int, piece: int) -> int:
    piece = _turned32(piece * 0xCC9E2D51 & _M32, 15) * 0x1B873593 & _M32
    return (_turned32(found ^ piece, 13) * 5 + 0xE6546B64) & _M32


def _murmur(data: bytes, seed: int) -> int:
    """Return the hash as Spark makes it: what is left over after whole words is mixed in byte by byte, as signed numbers."""
    whole = len(data) - len(data) % 4
    found = seed
    for (piece,) in struct.iter_unpack("<I", data[:whole]):
        found = _mixed(found, piece)
    for (byte,) in struct.iter_unpack("<b", data[whole:]):
        found = _mixed(found, byte & _M32)
    found ^= len(data)
    found = (found ^ (found >> 16)) * 0x85EBCA6B & _M32
    found = (found ^ (found >> 13)) * 0xC2B2AE35 & _M32
    return found ^ (found >> 16)
