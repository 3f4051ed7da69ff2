"""Whether a point may be known of is asked of each that comes up, not of every escalation first."""

from alembic import op

from kdt.store.grants import APP_ROLE

revision: str = "0033"
down_revision: str | None = "0032"

TABLES = ("similar_even", "similar_odd")
_EACH = "(select e.id from escalations e where e.id = {table}.escalation_id) is not null"
_EVERY = "exists (select from escalations e where e.id = {table}.escalation_id)"


def upgrade() -> None:
    _within(_EACH)


def downgrade() -> None:
    _within(_EVERY)


def _within(known: str) -> None:
    # Of what stands under "exists" the database would make a list of a million ids for one search.
    for table in TABLES:
        op.execute(f"drop policy within_scope on {table}")
        op.execute(
            f"create policy within_scope on {table} for all to {APP_ROLE} using "
            f"((select kdt_unscoped()) or {known.format(table=table)}) with check (true)"
        )
