"""What an installation's own texts teach of which pieces go together: latent semantic analysis.

Pieces are weighed by how rare they are, and the weighed counts of a sample of texts are reduced to
a few directions. A text is a point on the unit sphere in those; points that are near one another
are texts about the same. Only the texts themselves are used, no theme and no outcome. The same
sample gives the same directions.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import sqrt
from typing import Self

import numpy as np
from numpy.typing import NDArray

from kdt.similar.features import BITS, pieces, words

Floats = NDArray[np.float32]
_Counted = tuple[NDArray[np.int64], NDArray[np.int64]]

# Texts that are learnt from at most, and directions: as many as the square root says can be told
# from chance, with the dimensions of the columns of `model.py` as the most.
SAMPLE, DIRECTIONS = 3_136, 112
# Pieces that are kept; what is in fewer texts, or in a larger share of them, says nothing of what a
# text has in common with another. Of few texts all are kept.
_PIECES, _LEAST, _SHARE, _FEW = 32_768, 3, 0.3, 50
# A word shown as shared is in so many of the texts that were learnt from (no name, no number), and
# not in a larger share of them, or a few times as many where there are few: it says something.
COMMON, _TELLING = 5, 0.1
# Pieces worked on at a time, so that memory stays small.
_BLOCK = 4_096


@dataclass(frozen=True)
class Learnt:
    """What was learnt: the numbers of the pieces that are kept (in order), how rare each is, what
    it adds in each direction, and of common words their numbers (in order) and in how many texts
    they are."""

    numbers: NDArray[np.int64]
    rarity: Floats
    weights: NDArray[np.float16]
    common: NDArray[np.uint64]
    within: NDArray[np.int64]

    @cached_property
    def _places(self) -> NDArray[np.int32]:
        return _placed(self.numbers)

    def point(self, text: str) -> Floats:
        """Where a text is: of length one, or all zeros when nothing of it is known."""
        place, value = _weighed(pieces(text), self._places, self.rarity)
        found = np.zeros(DIRECTIONS, np.float32)
        found[: self.weights.shape[1]] = value @ self.weights[place].astype(np.float32)
        length = float(np.linalg.norm(found))
        return found / length if length > 1e-6 else np.zeros(DIRECTIONS, np.float32)

    def telling(self, text: str) -> list[str]:
        """The common words of a text, the rarest of them first."""
        found = []
        for word, number in words(text):
            place = int(np.searchsorted(self.common, np.uint64(number)))
            if place < len(self.common) and int(self.common[place]) == number:
                found.append((int(self.within[place]), word))
        return [word for _, word in sorted(found)]

    def packed(self) -> bytes:
        """As it is kept."""
        out = io.BytesIO()
        np.savez(
            out,
            numbers=self.numbers,
            rarity=self.rarity,
            weights=self.weights,
            common=self.common,
            within=self.within,
        )
        return out.getvalue()

    @classmethod
    def unpacked(cls, packed: bytes) -> Self:
        """From how it is kept."""
        with np.load(io.BytesIO(packed), allow_pickle=False) as kept:
            return cls(*(kept[name] for name in cls.__dataclass_fields__))


def learn(texts: Sequence[str]) -> Learnt:
    """Learn from these texts, at most `SAMPLE`."""
    counted = [pieces(one) for one in texts]
    within = np.zeros(1 << BITS, np.int64)
    for numbers, _ in counted:
        within[numbers] += 1
    kept = _kept(within, len(texts))
    rarity = (np.log((1 + len(texts)) / (1 + within[kept])) + 1).astype(np.float32)
    places = _placed(kept)
    weighed = [_weighed(one, places, rarity) for one in counted]
    common, amounts = _common(texts)
    return Learnt(kept, rarity, _directions(weighed, len(kept)), common, amounts)


def _kept(within: NDArray[np.int64], texts: int) -> NDArray[np.int64]:
    few = texts < _FEW
    least, most = (1, texts) if few else (_LEAST, int(_SHARE * texts))
    kept = np.flatnonzero((within >= least) & (within <= most))
    often = np.argsort(-within[kept], kind="stable")[:_PIECES]
    return np.sort(kept[often])


def _placed(kept: NDArray[np.int64]) -> NDArray[np.int32]:
    places = np.full(1 << BITS, -1, np.int32)
    places[kept] = np.arange(len(kept), dtype=np.int32)
    return places


def _weighed(
    counted: _Counted, places: NDArray[np.int32], rarity: Floats
) -> tuple[NDArray[np.int32], Floats]:
    """Of a text: which pieces that are kept, and how much each weighs."""
    numbers, amounts = counted
    place = places[numbers]
    known = place >= 0
    place = place[known]
    value = (1 + np.log(amounts[known])).astype(np.float32) * rarity[place]
    length = float(np.linalg.norm(value))
    return place, value / length if length else value


def _directions(
    weighed: Sequence[tuple[NDArray[np.int32], Floats]], kept: int
) -> NDArray[np.float16]:
    """What each piece adds in the directions in which the texts differ most, by the products of
    the texts with one another: there are fewer texts than pieces."""
    blocks = [*range(0, kept, _BLOCK), kept]
    products = np.zeros((len(weighed), len(weighed)), np.float32)
    for start, end in pairwise(blocks):
        part = _part(weighed, start, end)
        products += part @ part.T
    if not kept:
        return np.zeros((0, 0), np.float16)
    sizes, texts = np.linalg.eigh(products)
    amount = min(DIRECTIONS, max(16, round(2 * sqrt(len(weighed)))))
    largest = [one for one in range(len(sizes) - 1, -1, -1) if sizes[one] > 1e-4 * sizes[-1]]
    chosen = largest[:amount]
    onto = texts[:, chosen] / np.sqrt(sizes[chosen])
    # Which way a direction points is chance; the same for the same texts.
    onto *= np.sign(onto[np.abs(onto).argmax(axis=0), range(len(chosen))])
    weights = np.empty((kept, len(chosen)), np.float16)
    for start, end in pairwise(blocks):
        weights[start:end] = _part(weighed, start, end).T @ onto
    return weights


def _part(weighed: Sequence[tuple[NDArray[np.int32], Floats]], start: int, end: int) -> Floats:
    """The weights of some pieces, a row for each text."""
    part = np.zeros((len(weighed), end - start), np.float32)
    for row, (place, value) in enumerate(weighed):
        first, last = np.searchsorted(place, (start, end))
        part[row, place[first:last] - start] = value[first:last]
    return part


def _common(texts: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    every = [number for text in texts for _, number in words(text)]
    numbers, amounts = np.unique(np.array(every, np.uint64), return_counts=True)
    often = (amounts >= COMMON) & (amounts <= max(4 * COMMON, _TELLING * len(texts)))
    return numbers[often], amounts[often]
