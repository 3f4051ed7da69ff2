"""What of a text is compared: pieces of four and five letters within words, each as one of a
million numbers. Arithmetic alone: the same text gives the same numbers on every machine, for ever.

Pieces of words catch what inflection and compounding do to Dutch; they did better than words and
than stems on real questions (docs/decisions/0045).
"""

import re
import unicodedata
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

# A number for each piece, of so many bits.
BITS = 20
_SIZES = (4, 5)
# Beyond this a text says nothing new about what it is about.
_LONGEST = 20_000
_SPACE = np.uint64(ord(" "))
_MIX, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)
_NO_WORD = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]{4,}")

Numbers = NDArray[np.int64]


def fold(text: str) -> str:
    """A text as it is compared: small letters, one space between words, every digit the same: what
    a number was (a date, a case) says nothing of what a case is about, and may say whose it is."""
    small = unicodedata.normalize("NFKC", text[:_LONGEST]).casefold()
    return f" {_DIGIT.sub('0', _NO_WORD.sub(' ', small)).strip()} "


def pieces(text: str) -> tuple[Numbers, Numbers]:
    """The pieces of a text, in order of their numbers, and how often each is there."""
    letters = np.frombuffer(fold(text).encode("utf-32-le", "replace"), dtype="<u4")
    letters = letters.astype(np.uint64)
    before = np.concatenate(([0], np.cumsum(letters == _SPACE)))
    found = [_numbers(letters, before, size) for size in _SIZES if len(letters) >= size]
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    numbers, amounts = np.unique(np.concatenate(found), return_counts=True)
    return numbers, amounts


def _numbers(letters: NDArray[np.uint64], before: NDArray[np.int64], size: int) -> Numbers:
    """The number of each piece of this size that stays within one word and the spaces around it."""
    amount = len(letters) - size + 1
    mixed = np.full(amount, size, np.uint64)
    for place in range(size):
        mixed = (mixed ^ letters[place : place + amount]) * _MIX
        mixed ^= mixed >> _SHIFT
    inside = before[size - 1 : size - 1 + amount] - before[1 : 1 + amount]
    kept: Numbers = (mixed[inside == 0] >> np.uint64(64 - BITS)).astype(np.int64)
    return kept


def words(text: str) -> Iterator[tuple[str, int]]:
    """The different words of four letters or more of a text as it is compared, each with a number
    of 64 bits."""
    for word in dict.fromkeys(_WORD.findall(fold(text))):
        yield word, _number(word)


def _number(word: str) -> int:
    number = 0xCBF29CE484222325
    for octet in word.encode("utf-8", "replace"):
        number = (number ^ octet) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return number
