"""Retention: what was selected for destruction, case numbers that are gone, and the one function
that destroys."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import APP_ROLE, grant

revision: str = "0010"
down_revision: str | None = "0009"

# Whoever destroyed in them rewrites them afterwards, so that nothing stays behind in a file.
REWRITTEN = (
    "entry_texts",
    "entry_people",
    "case_numbers",
    "ledger_texts",
    "ledger_people",
    "escalations",
    "recusals",
    "hand_overs",
    "stated_purposes",
    "stand_ins",
)


def upgrade() -> None:
    op.create_table(
        "retention_items",
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "result in ('destroyed', 'held', 'changed', 'absent')",
            name=op.f("ck_retention_items_result"),
        ),
        sa.PrimaryKeyConstraint("selection", "escalation_id", name=op.f("pk_retention_items")),
    )
    op.create_index("ix_retention_items_escalation_id", "retention_items", ["escalation_id"])
    op.create_index(
        "ix_retention_items_to_do",
        "retention_items",
        ["selection", "unit"],
        postgresql_where=sa.text("result is null"),
    )
    op.alter_column("case_numbers", "number", nullable=True)
    op.alter_column("case_numbers", "salt", nullable=True)
    op.add_column("case_numbers", sa.Column("destroyed_on", sa.Date(), nullable=True))
    op.create_check_constraint(
        op.f("ck_case_numbers_number_or_destroyed"),
        "case_numbers",
        "(number is null) = (destroyed_on is not null) and (number is null) = (salt is null)",
    )
    grant("retention_items", "SELECT", "INSERT")
    op.execute(_DESTROY)
    op.execute("revoke all on function destroy_selected(text, integer) from public")
    op.execute(f"grant execute on function destroy_selected(text, integer) to {APP_ROLE}")
    op.execute(f"grant maintain on {', '.join(REWRITTEN)} to {APP_ROLE}")


# Runs as the owner: the application itself has no right to destroy anything. It takes a selection
# that one person prepared and another confirmed, as long as its list is the one they saw.
_DESTROY = """
create function destroy_selected(chosen text, at_most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    prepared record;
    confirmed record;
    one integer;
    ids text[];
    files uuid[];
    found_there text[];
    verdict text;
begin
    -- Nobody else writes to the record meanwhile (the key is RECORD_LOCK of kdt.cases.dossiers).
    perform pg_advisory_xact_lock(1262769234);
    select recorded_at, person, convert_from(content, 'UTF8')::jsonb -> 'values' as said
    into prepared
    from ledger join ledger_people using (subject, subject_id, seq)
    where subject = 'destruction' and subject_id = chosen and fact = 'prepare';
    if not found then
        raise exception 'selection % was not prepared', chosen
            using errcode = 'insufficient_privilege';
    end if;
    select recorded_on, person into confirmed
    from ledger join ledger_people using (subject, subject_id, seq)
    where subject = 'destruction' and subject_id = chosen and fact = 'confirm';
    if not found or confirmed.person = prepared.person then
        raise exception 'selection % was not confirmed by a second person', chosen
            using errcode = 'insufficient_privilege';
    end if;
    if prepared.said ->> 'digest' is distinct from (
        select encode(sha256(convert_to(string_agg(
            jsonb_build_array(unit, escalation_id, seq, ending, since)::text,
            E'\\n' order by unit, escalation_id collate "C"
        ), 'UTF8')), 'hex')
        from retention_items where selection = chosen
    ) then
        raise exception 'the list of selection % is not the one that was confirmed', chosen
            using errcode = 'insufficient_privilege';
    end if;

    for one in
        select distinct unit from retention_items
        where selection = chosen and result is null order by unit limit at_most
    loop
        select array_agg(escalation_id) into ids
        from retention_items where selection = chosen and unit = one;
        select array_agg(id) into found_there from escalations where id = any(ids);
        with said as (
            select convert_from(content, 'UTF8')::jsonb -> 'values' as given
            from entries where escalation_id = any(ids) and action in ('open', 'correct')
        )
        select array_agg(distinct file::uuid) into files
        from said, unnest(array[given ->> 'case', given -> 'with' ->> 'case']) as file
        where file is not null;
        verdict := case
            when exists (
                select from ledger as placed
                where placed.subject = 'hold' and placed.subject_id = any(ids)
                  and placed.fact = 'place'
                  and not exists (
                    select from ledger as lifted
                    where lifted.subject = 'hold' and lifted.subject_id = placed.subject_id
                      and lifted.seq > placed.seq
                  )
            ) then 'held'
            when exists (
                select from retention_items join escalations on id = escalation_id
                where selection = chosen and unit = one and escalations.seq > retention_items.seq
            ) or prepared.said ->> 'what' = 'content' and exists (
                select from entries, convert_from(content, 'UTF8') as plain
                where recorded_at >= prepared.recorded_at and action in ('open', 'correct')
                  and escalation_id <> all(ids)
                  and ((plain::jsonb -> 'values' ->> 'case')::uuid = any(files)
                    or (plain::jsonb -> 'values' -> 'with' ->> 'case')::uuid = any(files))
            ) then 'changed'
            else 'destroyed'
        end;
        if verdict = 'destroyed' and prepared.said ->> 'what' = 'content' then
            update entry_texts set content = null, salt = null, destroyed_on = confirmed.recorded_on
            where escalation_id = any(ids) and content is not null;
            update ledger_texts set content = null, salt = null,
                destroyed_on = confirmed.recorded_on
            where content is not null and (
                subject = 'hold' and subject_id = any(ids)
                or subject = 'request' and subject_id = any(files::text[])
            );
            update case_numbers set number = null, salt = null, destroyed_on = confirmed.recorded_on
            where case_id = any(files) and number is not null;
        elsif verdict = 'destroyed' then
            delete from entry_people where escalation_id = any(ids);
            update escalations set brought_by = null where id = any(ids);
            delete from recusals where escalation_id = any(ids);
            delete from hand_overs where escalation_id = any(ids);
            delete from stated_purposes where escalation_id = any(ids);
            delete from stand_ins where escalation_id = any(ids);
            delete from ledger_people
            where subject in ('escalation', 'hold') and subject_id = any(ids);
            update ledger_texts set content = null, salt = null,
                destroyed_on = confirmed.recorded_on
            where subject = 'escalation' and subject_id = any(ids) and content is not null;
        end if;
        update retention_items set result =
            case when escalation_id = any(coalesce(found_there, '{}')) then verdict
                 else 'absent' end
        where selection = chosen and unit = one;
    end loop;
    return (
        select count(distinct unit) from retention_items where selection = chosen and result is null
    );
end $$
"""


def downgrade() -> None:
    # A selection and what was destroyed by it cannot be had again.
    kept = "select exists (select from retention_items) or exists (select from ledger where "
    kept += "subject in ('term', 'hold', 'destruction', 'request')) or exists "
    kept += "(select from case_numbers where destroyed_on is not null)"
    if op.get_bind().scalar(sa.text(kept)):
        raise RuntimeError("terms, holds or destructions were recorded; a downgrade loses them")
    op.execute(f"revoke maintain on {', '.join(REWRITTEN)} from {APP_ROLE}")
    op.execute("drop function destroy_selected(text, integer)")
    op.drop_constraint(op.f("ck_case_numbers_number_or_destroyed"), "case_numbers")
    op.drop_column("case_numbers", "destroyed_on")
    op.alter_column("case_numbers", "salt", nullable=False)
    op.alter_column("case_numbers", "number", nullable=False)
    op.drop_index("ix_retention_items_to_do", table_name="retention_items")
    op.drop_index("ix_retention_items_escalation_id", table_name="retention_items")
    op.drop_table("retention_items")
