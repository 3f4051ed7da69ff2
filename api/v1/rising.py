"""What rises: themes of which the weekly scan found more than chance brings."""

from fastapi import APIRouter
from starlette.requests import Request

from api.context import context
from api.v1 import theme_models
from api.v1.asking import Asker
from api.v1.responses import READ
from kdt.rising.queries import ids_behind, last_scan
from kdt.rising.scan import ONE_OF
from kdt.store.transaction import reading

router = APIRouter(prefix="/rises", tags=["themes"])


@router.get("", summary="Wat er stijgt", response_model=theme_models.Rises, responses=READ)
def list_rises(request: Request, person: Asker) -> theme_models.Rises:
    """De rode draden die in de laatste week waarnaar is gekeken vaker voorkwamen dan door toeval te
    verwachten is, landelijk of op een locatie. De voorleggingen erachter staan erbij voor zover u
    ze mag kennen. Alleen voor gebruik binnen de IND."""
    with reading(context(request).store) as connection:
        scan = last_scan(connection)
        return theme_models.Rises(
            until=scan.until if scan else None,
            scanned_at=scan.scanned_at if scan else None,
            enough=scan is not None and scan.enough,
            by_chance_one_week_of=ONE_OF,
            items=[
                theme_models.Rise(
                    theme=one.theme,
                    location=one.location,
                    first_on=one.first,
                    until=one.until,
                    weeks=one.weeks,
                    cases=one.cases,
                    usual=one.usual,
                    times_a_year=one.yearly,
                    escalations=[*ids],
                )
                for one, ids in (ids_behind(connection, person.actors, scan) if scan else ())
            ],
        )
