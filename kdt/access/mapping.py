"""From the claims of the organisation's provider to roles here, by rows that are data. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from kdt.names import slug
from kdt.vocabulary import Role

Grant = tuple[Role, str | None]

# In a value: any text. As a location: the one whose name that text is.
STAR = "*"


@dataclass(frozen=True, slots=True)
class RoleMapping:
    """Who has `value` at `claim` has this role. `claim` is a path, such as `realm_access.roles`;
    a star in `value` stands for any text; `location` may be that same star."""

    claim: str
    value: str
    role: Role
    location: str | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Resolved:
    """What the claims come to: the capacities, and the mappings that could not be followed:
    `lost` name a location that is not known, `contradicting` give from one value one role both
    with and without a location."""

    grants: tuple[Grant, ...]
    lost: tuple[RoleMapping, ...] = ()
    contradicting: tuple[RoleMapping, ...] = ()


def resolve(
    claims: Mapping[str, object], mappings: Iterable[RoleMapping], locations: Collection[str]
) -> Resolved:
    """The capacities that the claims give by the mappings. Where mappings contradict each other
    there are none: nobody gets in on what may be a mistake."""
    given: dict[tuple[str, str, Role], dict[str | None, RoleMapping]] = {}
    lost: dict[RoleMapping, None] = {}
    for one in mappings:
        for value in values_at(claims, one.claim):
            caught = _caught(one.value, value)
            if caught is None:
                continue
            location = _named(caught, locations) if one.location == STAR else one.location
            if one.location is not None and location not in locations:
                lost[one] = None
                continue
            given.setdefault((one.claim, value, one.role), {})[location] = one
    contradicting = {
        one: None
        for by_location in given.values()
        if None in by_location and len(by_location) > 1
        for one in by_location.values()
    }
    if contradicting:
        return Resolved((), tuple(lost), tuple(contradicting))
    grants = {
        (role, location): None
        for (_, _, role), by_location in given.items()
        for location in by_location
    }
    return Resolved(tuple(sorted(grants, key=_order)), tuple(lost))


def contradicts(one: RoleMapping, other: RoleMapping) -> bool:
    """Whether two mappings contradict each other whatever the claims are."""
    same = (one.claim, one.value, one.role) == (other.claim, other.value, other.role)
    return same and (one.location is None) != (other.location is None)


def values_at(claims: Mapping[str, object], path: str) -> tuple[str, ...]:
    """The texts at a claim, one or a list of them. A name with dots in it is tried as a name
    first, then as a path."""
    found: object = claims.get(path)
    if found is None:
        found = claims
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return (found,)
    return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()


def _caught(pattern: str, value: str) -> str | None:
    """What the star stands for, or the whole value when there is none; None when it differs."""
    if STAR not in pattern:
        return value if value == pattern else None
    before, _, after = pattern.partition(STAR)
    fits = value.startswith(before) and value.endswith(after)
    middle = value[len(before) : len(value) - len(after)]
    return middle if fits and len(value) > len(before) + len(after) else None


def _named(text: str, locations: Iterable[str]) -> str | None:
    """The one location with this name, in capitals, accents and hyphens as may be."""
    fitting = [one for one in locations if slug(one) == slug(text)]
    return fitting[0] if len(fitting) == 1 else None


def _order(grant: Grant) -> tuple[str, str]:
    return grant[0], grant[1] or ""
