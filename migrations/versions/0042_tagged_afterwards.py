"""A tag may say why, and policy tags too: no table changes, but no release before reads it."""

import sqlalchemy as sa
from alembic import op

revision: str = "0042"
down_revision: str | None = "0041"


def upgrade() -> None:
    """What was recorded is read as it was."""


def downgrade() -> None:
    # Policy always says why, and what it tagged it alone corrects.
    said = (
        "select exists (select from entries e join entry_texts t "
        "on t.escalation_id = e.escalation_id and t.seq = e.seq "
        "where e.action = 'tag' and t.field = 'reason')"
    )
    if op.get_bind().scalar(sa.text(said)):
        raise RuntimeError("it was said why cases were tagged: going back would lose that")
