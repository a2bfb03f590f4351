"""Deterministic chance: the same numbers for the same keys, in every process on every machine."""

import random
import zlib

_MASK = 0xFFFF_FFFF_FFFF_FFFF


def mix(*keys: int) -> int:
    """Fold integers into 64 well-spread bits."""
    state = 0x9E3779B97F4A7C15
    for key in keys:
        state = ((state ^ key) * 0xBF58476D1CE4E5B9) & _MASK
        state ^= state >> 29
    state = (state * 0x94D049BB133111EB) & _MASK
    return state ^ (state >> 32)


def tag(text: str) -> int:
    """Turn a word into a key for `mix`."""
    return zlib.crc32(text.encode())


def share(*keys: int) -> float:
    """Give a number in [0, 1) that belongs to the keys."""
    return mix(*keys) / (_MASK + 1)


def stream(*keys: int) -> random.Random:
    """Open a stream of random numbers that belongs to the keys."""
    return random.Random(mix(*keys))
