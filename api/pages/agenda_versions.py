"""The version of an agenda on a page, and how it differs from the first."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request

from api.pages.rendering import url
from kdt import words
from kdt.panels.agendas import Drawn

# So many of what came, went or moved are named; of more, how many there are.
NAMED = 40


def drawn_up(request: Request, drawn: Drawn, named: Mapping[str, str]) -> dict[str, object]:
    """The newest version with what came, went and moved since the first. `named`: the case of each
    escalation that is still on it; another goes by its own id."""

    def said(ids: Sequence[str]) -> list[tuple[str, str, str | None]]:
        return [
            (
                named.get(one, one),
                url(request, f"/escalations/{one}"),
                words.say(f"late.{drawn.late[one]}") if one in drawn.late else None,
            )
            for one in ids[:NAMED]
        ]

    changes = {"came": drawn.since.came, "went": drawn.since.went, "moved": drawn.since.moved}
    return {
        "version": drawn.number,
        "drawn_up_at": drawn.drawn_up_at,
        "changed_at": drawn.changed_at,
        "changes": [
            (words.say(f"agenda.since_{what}"), said(ids), max(0, len(ids) - NAMED))
            for what, ids in changes.items()
            if ids
        ],
    }
