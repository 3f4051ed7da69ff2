"""The version of an agenda on a page, and how it differs from the first."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request

from api.pages.rendering import url
from kdt import words
from kdt.panels.agendas import Version, difference


def drawn_up(
    request: Request, versions: Sequence[Version], named: Mapping[str, str]
) -> dict[str, object] | None:
    """The newest version with what came, went and moved since the first; None where it is not drawn
    up. `named`: the case of each escalation that is still on it; another goes by its own id."""
    if not versions:
        return None
    first, newest = versions[0], versions[-1]
    told = difference(first.items, newest.items)
    late = {one.escalation: one.late for one in newest.items}

    def said(ids: Sequence[str]) -> list[tuple[str, str, str | None]]:
        return [
            (
                named.get(one, one),
                url(request, f"/escalations/{one}"),
                words.say(f"late.{late[one]}") if late.get(one) else None,
            )
            for one in ids
        ]

    return {
        "version": newest.number,
        "drawn_up_at": first.recorded_at,
        "changed_at": newest.recorded_at,
        "came": said(told.came),
        "went": said(told.went),
        "moved": said(told.moved),
    }
