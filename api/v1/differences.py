"""Cases alike that were answered otherwise at one location than at another."""

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.requests import Request

from api.context import context
from api.v1 import theme_models
from api.v1.asking import Asker
from api.v1.responses import READ
from kdt.access import permissions
from kdt.access.table import Right
from kdt.differences.queries import behind, last_comparison
from kdt.store.transaction import reading

router = APIRouter(prefix="/differences", tags=["themes"])


@router.get(
    "",
    summary="Vergelijkbare zaken, andere uitkomst",
    response_model=theme_models.Differences,
    responses=READ,
)
def list_differences(request: Request, person: Asker) -> theme_models.Differences:
    """Zaken met dezelfde vraag en rode draad die op de ene locatie anders zijn beantwoord dan op de
    andere, meer dan door toeval te verwachten is. Voor het landelijke KDT en het landelijke beleid.
    Geen rangorde; de voorleggingen staan erbij voor zover u ze mag kennen."""
    permissions.holding(person.actors, Right.COMPARE)
    with reading(context(request).store) as connection:
        found = last_comparison(connection)
        if found is None:
            return theme_models.Differences(
                first_on=None, until=None, compared_at=None, profiles=0, items=[]
            )
        return theme_models.Differences(
            first_on=found.first,
            until=found.until,
            compared_at=found.compared_at,
            profiles=found.profiles,
            items=[
                theme_models.Difference(
                    question=one.question,
                    theme=one.theme,
                    chance=one.chance,
                    locations=[_at(*here) for here in one.cases.items()],
                    escalations=[case.id for case in cases],
                )
                for one, cases in behind(connection, person.actors, found)
            ],
        )


def _at(location: str, answers: Mapping[str, int]) -> theme_models.AnswersAt:
    amounts = [theme_models.AnswerAmount(answer=one, cases=many) for one, many in answers.items()]
    return theme_models.AnswersAt(location=location, answers=amounts)
