"""Who was at a meeting, what was said at a talk and what staff replied go after terms of their
own."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import APP_ROLE

revision: str = "0039"
down_revision: str | None = "0038"

_TABLES = ("meeting_attendance", "consultation_terms", "signal_terms", "signal_views")


def upgrade() -> None:
    op.execute(_DESTROY)
    op.execute("revoke all on function destroy_selected_beside(text, integer) from public")
    op.execute(f"grant execute on function destroy_selected_beside(text, integer) to {APP_ROLE}")
    for table in _TABLES:
        op.execute(f"grant maintain on {table} to {APP_ROLE}")


# As `destroy_selected`, of which it is the counterpart for what stands beside the cases: the list
# is of meetings, talks or replies, by their ids in the ledger.
_DESTROY = """
create function destroy_selected_beside(chosen text, at_most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    prepared record;
    confirmed record;
    finished jsonb;
    kind text;
    one record;
    verdict text;
    last_fact integer;
    up_to timestamptz;
begin
    -- Nobody else writes to the record meanwhile (the key is RECORD of kdt.store.locks).
    perform pg_advisory_xact_lock(1262769234);
    select person, convert_from(content, 'UTF8')::jsonb -> 'values' as said into prepared
    from ledger join ledger_people using (subject, subject_id, seq)
    where subject = 'destruction' and subject_id = chosen and fact = 'prepare';
    kind := case prepared.said ->> 'what'
        when 'attendance' then 'meeting'
        when 'consultations' then 'consultation'
        when 'replies' then 'signal'
    end;
    if kind is null then
        raise exception 'selection % was not prepared for this', chosen
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
    for one in
        select unit, escalation_id as id, seq from retention_items
        where selection = chosen and result is null order by unit limit at_most
    loop
        select max(seq) into last_fact from ledger where subject = kind and subject_id = one.id;
        verdict := case
            when finished -> 'changed' @> to_jsonb(one.unit) then 'changed'
            when last_fact is null then 'absent'
            when finished is null and last_fact > one.seq then 'changed'
            else 'destroyed'
        end;
        if verdict = 'destroyed' then
            -- What came later has a day of its own to go.
            select recorded_at into up_to from ledger
            where subject = kind and subject_id = one.id and seq <= one.seq
            order by seq desc limit 1;
            update ledger_texts set content = null, salt = null,
                destroyed_on = confirmed.recorded_on
            where subject = kind and subject_id = one.id and seq <= one.seq
              and content is not null and case kind
                when 'meeting' then field in ('person', 'stands_for')
                when 'signal' then field <> 'assessor'
                else true
            end;
            if kind = 'meeting' then
                delete from meeting_attendance where meeting::text = one.id and arrived_at <= up_to;
            elsif kind = 'consultation' then
                update consultation_terms set participants = '{}', agreements = ''
                where consultation = one.id and recorded_at <= up_to;
            else
                update signal_terms
                set title = '', concerns = '', origin = '', reference = '', followed = ''
                where signal = one.id and recorded_at <= up_to;
                update signal_views set reasons = ''
                where signal = one.id and recorded_at <= up_to;
            end if;
        end if;
        update retention_items set result = verdict
        where selection = chosen and unit = one.unit;
    end loop;
    return (select count(*) from retention_items where selection = chosen and result is null);
end $$
"""


def downgrade() -> None:
    kept = (
        "select exists (select from ledger where subject = 'term' "
        "and subject_id in ('attendance', 'consultations', 'replies'))"
    )
    if op.get_bind().scalar(sa.text(kept)):
        raise RuntimeError("a term beside the cases was recorded; a downgrade would lose it")
    for table in _TABLES:
        op.execute(f"revoke maintain on {table} from {APP_ROLE}")
    op.execute("drop function destroy_selected_beside(text, integer)")
