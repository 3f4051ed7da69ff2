"""Row security as the second line: a transaction that only reads sees the rows its scope says."""

from alembic import op

from kdt.store.grants import APP_ROLE

revision: str = "0011"
down_revision: str | None = "0010"

TABLES = ("escalations", "case_numbers", "entry_texts", "outbox")

# A list in the scope of this transaction; none when nothing was set.
_SCOPE = """
    create function kdt_scope(path text[]) returns text[] language sql stable as $$
        select array(select jsonb_array_elements_text(
            nullif(current_setting('kdt.scope', true), '')::jsonb #> path
        ))
    $$
"""
# What writes is judged by the service, which has to see more than it shows: who else considered the
# case, whether the number is known.
_OPEN = """
    create function kdt_unscoped() returns boolean language sql stable as $$
        select current_setting('transaction_read_only') = 'off' or coalesce(
            nullif(current_setting('kdt.scope', true), '')::jsonb ? 'whole', false
        )
    $$
"""


def upgrade() -> None:
    op.execute(_SCOPE)
    op.execute(_OPEN)
    for table in TABLES:
        op.execute(f"alter table {table} enable row level security")
    _policy("escalations", _within("rows", "escalations"))
    for table, kind, same in (
        ("case_numbers", "numbers", "e.case_id = case_numbers.case_id"),
        ("entry_texts", "texts", "e.id = entry_texts.escalation_id"),
    ):
        _policy(table, f"exists (select from escalations e where {same} and {_within(kind, 'e')})")
    _policy(
        "outbox",
        f"{_any('*', 'follows')} "
        "or exists (select from escalations e where e.id = outbox.escalation_id)",
    )


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"drop policy within_scope on {table}")
        op.execute(f"alter table {table} disable row level security")
    op.execute("drop function kdt_unscoped()")
    op.execute("drop function kdt_scope(text[])")


def _policy(table: str, within: str) -> None:
    op.execute(
        f"create policy within_scope on {table} for all to {APP_ROLE} "
        f"using ((select kdt_unscoped()) or {within}) with check (true)"
    )


def _within(kind: str, e: str) -> str:
    """Whether an escalation is within this part of the scope. Each list is read once a query."""
    people = _list(kind, "people")
    tagged = (
        f"select from theme_tags t where t.escalation_id = {e}.id "
        "group by t.theme having sum(t.amount) > 0"
    )
    return f"""(
        {_any("*", kind, "locations")}
        or {e}.location = any({_list(kind, "locations")})
        or {e}.brought_by = any({people})
        or {e}.reached && {_list(kind, "reached")}
        or exists (
            select from hand_overs h where h.escalation_id = {e}.id and h.holder = any({people})
        )
        or exists (
            select from stated_purposes p
            where p.escalation_id = {e}.id and p.person = any({_list("asking")})
              and p.stated_on = (clock_timestamp() at time zone 'Europe/Amsterdam')::date
        )
        or (
            ({_any("*", kind, "themed")} or {e}.location = any({_list(kind, "themed")}))
            and exists ({tagged})
        )
    )"""


def _list(*path: str) -> str:
    return f"((select kdt_scope('{{{','.join(path)}}}'))::text[])"


def _any(code: str, *path: str) -> str:
    return f"'{code}' = any({_list(*path)})"
