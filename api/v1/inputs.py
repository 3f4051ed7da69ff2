"""What operations take that are no action of the procedure."""

from datetime import date, time
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema
from pydantic.alias_generators import to_camel

from kdt.values import FIRST_DAY, LAST_DAY, LONGEST_NAME, clock_time, day

# What the database can look up: no NUL, and not endless.
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\x00]+$")
]


def _day(value: object) -> date:
    found = day(value)
    if not FIRST_DAY <= found <= LAST_DAY:
        raise ValueError(f"a day from {FIRST_DAY} to {LAST_DAY}")
    return found


# A date written as one, and no number of seconds.
Day = Annotated[date, BeforeValidator(_day)]

# A time on the clock in Amsterdam, written HH:MM.
Hour = Annotated[
    time,
    BeforeValidator(clock_time),
    WithJsonSchema(
        {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["09:30"]}
    ),
]


class In(BaseModel):
    """The base of all bodies: camelCase, and nothing that is not asked for."""

    model_config = ConfigDict(
        alias_generator=to_camel, extra="forbid", validate_by_name=False, strict=True
    )
