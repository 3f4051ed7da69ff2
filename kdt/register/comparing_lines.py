"""Locations compared, in words: alike on a page and a terminal."""

from collections.abc import Callable

from kdt import words
from kdt.register.comparing import Basis
from kdt.register.funnel import NEAR, Compared, Funnel
from kdt.register.pace import WITHIN


def sentences(basis: Basis, found: Funnel, name: Callable[[str], str]) -> list[str]:
    """What it says, and what it does not."""
    said = [words.say(f"compare.total.{basis}", share=percentage(found.share), within=WITHIN)]
    if found.spread > 1:
        said.append(words.say("compare.spread", times=_decimal(found.spread**0.5)))
    for far in (True, False):
        there = [
            words.say(f"compare.{'high' if one.outside > 0 else 'low'}", name=name(one.place))
            for one in found.places
            if one.outside and (abs(one.outside) > 1) is far
        ]
        if there:
            key = "compare.outside_far" if far else "compare.outside_near"
            said.append(words.say(key, places=", ".join(there)))
    if not any(one.outside for one in found.places):
        said.append(words.say("compare.none_outside"))
    by_chance = _decimal((1 - NEAR) * len(found.places))
    number = words.number(len(found.places))
    said.append(words.say("compare.no_verdict", number=number, by_chance=by_chance))
    return said


def percentage(share: float) -> str:
    """31,4%"""
    return f"{_decimal(100 * share)}%"


def _decimal(value: float) -> str:
    """With one decimal, and a comma."""
    return f"{value:.1f}".replace(".", ",")


def between(low: float, high: float) -> str:
    """Two limits."""
    return words.say("compare.between", low=percentage(low), high=percentage(high))


def lines(basis: Basis) -> dict[str, Callable[[Compared], str]]:
    """What is told of each location, under its label."""
    return {
        words.say(f"compare.of.{basis}"): lambda one: words.number(one.of),
        words.say(f"compare.so.{basis}"): lambda one: words.number(one.so),
        words.say("compare.share"): lambda one: percentage(one.share),
        words.say("compare.line.near"): lambda one: between(
            one.limits.low_near, one.limits.high_near
        ),
        words.say("compare.line.far"): lambda one: between(one.limits.low_far, one.limits.high_far),
        words.say("compare.lies"): lambda one: words.say(f"compare.standing.{abs(one.outside)}"),
    }
