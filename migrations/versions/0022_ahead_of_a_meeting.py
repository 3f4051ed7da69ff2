"""What is said ahead of a meeting: what is proposed as the outcome of an escalation, what members
of the panel think of it, and which were then recorded as proposed.

The reasons are prose about the case: they go with its texts, and are shown within the scope of
those. Who said it goes with the people of the case.
"""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import APP_ROLE, grant

revision: str = "0022"
down_revision: str | None = "0021"

TABLES = ("proposals", "positions", "consents")


def upgrade() -> None:
    op.create_table(
        "proposals",
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.Column("inquiry", sa.Text(), nullable=True),
        sa.Column("referral", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("escalation_id", "seq", name=op.f("pk_proposals")),
    )
    op.create_table(
        "consents",
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_consents")),
    )
    op.create_table(
        "positions",
        sa.Column("escalation_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_positions_person")),
        sa.PrimaryKeyConstraint("escalation_id", "seq", name=op.f("pk_positions")),
    )
    for table in TABLES:
        grant(table, "SELECT", "INSERT")
    op.execute(f"grant maintain on positions to {APP_ROLE}")
    op.execute(_DESTROY)
    op.execute("alter table ledger_texts enable row level security")
    op.execute(
        f"create policy within_scope on ledger_texts for all to {APP_ROLE} "
        "using ((select kdt_unscoped()) or subject <> 'escalation' or field = 'person' "
        f"or exists (select from escalations e where e.id = subject_id and {_within()})) "
        "with check (true)"
    )


def downgrade() -> None:
    for table in TABLES:
        if op.get_bind().scalar(sa.text(f"select exists (select from {table})")):
            raise RuntimeError(f"{table} holds what was recorded; a downgrade would lose it")
    op.execute("drop policy within_scope on ledger_texts")
    op.execute("alter table ledger_texts disable row level security")
    # The release before calls it in the same way, and is served by it as well.
    op.execute(_DESTROY.replace("delete from positions where escalation_id = any(ids);", ""))
    for table in TABLES:
        op.drop_table(table)


def _within() -> str:
    """Whether the texts of an escalation are within the scope; each list is read once a query."""
    people, locations, themed = (_list("texts", name) for name in ("people", "locations", "themed"))
    return f"""(
        '*' = any({locations})
        or e.location = any({locations})
        or e.brought_by = any({people})
        or e.reached && {_list("texts", "reached")}
        or exists (
            select from hand_overs h where h.escalation_id = e.id and h.holder = any({people})
        )
        or exists (
            select from stated_purposes p
            where p.escalation_id = e.id and p.person = any({_list("asking")})
              and p.stated_on = (clock_timestamp() at time zone 'Europe/Amsterdam')::date
        )
        or (
            ('*' = any({themed}) or e.location = any({themed}))
            and exists (
                select from theme_tags t where t.escalation_id = e.id
                group by t.theme having sum(t.amount) > 0
            )
        )
    )"""


def _list(*path: str) -> str:
    return f"((select kdt_scope('{{{','.join(path)}}}'))::text[])"


_DESTROY = """
create or replace function destroy_selected(chosen text, at_most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    prepared record;
    confirmed record;
    finished jsonb;
    moved text[];
    moved_from uuid[];
    one integer;
    ids text[];
    files uuid[];
    found_there text[];
    verdict text;
begin
    -- Nobody else writes to the record meanwhile (the key is RECORD_LOCK of kdt.cases.dossiers).
    perform pg_advisory_xact_lock(1262769234);
    select person, convert_from(content, 'UTF8')::jsonb -> 'values' as said
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

    -- After a restore the ledger already says how it ended: what was left then is left now.
    select convert_from(content, 'UTF8')::jsonb -> 'values' into finished
    from ledger where subject = 'destruction' and subject_id = chosen and fact = 'finish';
    -- The cases an escalation was of before a correction, and those it is of by one.
    with corrected as (
        select escalation_id, convert_from(content, 'UTF8')::jsonb
            -> 'values' -> 'with' ->> 'case' as file
        from entries where action = 'correct'
    ), named as (
        select escalation_id, file from corrected where file is not null
        union
        select escalation_id, convert_from(content, 'UTF8')::jsonb -> 'values' ->> 'case'
        from entries
        where action = 'open' and escalation_id in (
            select escalation_id from corrected where file is not null
        )
    )
    select array_agg(escalation_id), array_agg(file::uuid) into moved, moved_from from named;

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
            when finished -> 'held' @> to_jsonb(one) then 'held'
            when finished -> 'changed' @> to_jsonb(one) then 'changed'
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
            ) or prepared.said ->> 'what' = 'content' and (
                -- A unit holds every escalation of its cases: any other that names one is new,
                -- whatever moment it came with.
                exists (
                    select from escalations where case_id = any(files) and id <> all(ids)
                ) or exists (
                    select from unnest(moved, moved_from) as other(escalation, file)
                    where file = any(files) and escalation <> all(ids)
                )
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
                or subject = 'escalation' and subject_id = any(ids) and field <> 'person'
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
            delete from positions where escalation_id = any(ids);
            delete from ledger_people
            where subject in ('escalation', 'hold') and subject_id = any(ids);
            -- A request is of the case: it goes with the last escalation that was of it.
            delete from ledger_people using escalations e
            where e.id = any(ids) and subject = 'request' and subject_id = e.case_id::text
              and not exists (
                select from entry_people join escalations on id = escalation_id
                where case_id = e.case_id
              );
            update ledger_texts set content = null, salt = null,
                destroyed_on = confirmed.recorded_on
            where subject = 'escalation' and subject_id = any(ids) and field = 'person'
              and content is not null;
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
