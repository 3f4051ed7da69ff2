"""The example people one may sign in as: actors of the example year, named by role and place."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ExamplePerson:
    """Someone invented. A grant is a role and a location; None means national, or everywhere."""

    id: str
    label: str
    grants: tuple[tuple[str, str | None], ...]


EXAMPLE_PEOPLE: tuple[ExamplePerson, ...] = (
    ExamplePerson(
        "officer-den-bosch-1", "Beslismedewerker Den Bosch 1", (("officer", "Den Bosch"),)
    ),
    ExamplePerson(
        "officer-den-bosch-2", "Beslismedewerker Den Bosch 2", (("officer", "Den Bosch"),)
    ),
    ExamplePerson("officer-ter-apel-1", "Beslismedewerker Ter Apel 1", (("officer", "Ter Apel"),)),
    ExamplePerson(
        "secretary-den-bosch-1", "Secretaris KDT Den Bosch", (("secretary", "Den Bosch"),)
    ),
    ExamplePerson("chair-den-bosch", "Voorzitter KDT Den Bosch", (("chair", "Den Bosch"),)),
    ExamplePerson("secretary-national-1", "Secretaris landelijk KDT", (("secretary", None),)),
    ExamplePerson("chair-national", "Voorzitter landelijk KDT", (("chair", None),)),
    ExamplePerson("member-national-1", "Lid landelijk KDT", (("member", None),)),
    ExamplePerson("policy-adviser-1", "Beleidsadviseur", (("policy_adviser", None),)),
    ExamplePerson("policy-adviser-2", "Beleidsadviseur 2", (("policy_adviser", None),)),
    ExamplePerson("manager-1", "Manager", (("manager", None),)),
    ExamplePerson("administrator-1", "Functioneel beheerder", (("administrator", None),)),
    ExamplePerson("administrator-2", "Functioneel beheerder 2", (("administrator", None),)),
    ExamplePerson("auditor-1", "Auditor", (("auditor", None),)),
)


def example_officers(location: str) -> tuple[str, ...]:
    """The example people who bring cases at this location, by id."""
    return tuple(p.id for p in EXAMPLE_PEOPLE if ("officer", location) in p.grants)
