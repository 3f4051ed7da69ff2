"""Who read what goes after a term of its own, by the day it was read."""

import sqlalchemy as sa
from alembic import op

from kdt.store.grants import APP_ROLE

revision: str = "0012"
down_revision: str | None = "0011"


def upgrade() -> None:
    op.execute(_DESTROY)
    op.execute("revoke all on function destroy_selected_reads(text, integer) from public")
    op.execute(f"grant execute on function destroy_selected_reads(text, integer) to {APP_ROLE}")
    op.execute(f"grant maintain on read_details to {APP_ROLE}")


# As `destroy_selected`, of which it is the counterpart for the read log: the list is of days.
_DESTROY = """
create function destroy_selected_reads(chosen text, at_most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
    prepared record;
    confirmed record;
    one record;
begin
    select person, convert_from(content, 'UTF8')::jsonb -> 'values' as said into prepared
    from ledger join ledger_people using (subject, subject_id, seq)
    where subject = 'destruction' and subject_id = chosen and fact = 'prepare';
    if not found or prepared.said ->> 'what' <> 'reads' then
        raise exception 'selection % was not prepared for this', chosen
            using errcode = 'insufficient_privilege';
    end if;
    select person into confirmed
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
        select unit, since from retention_items
        where selection = chosen and result is null order by unit limit at_most
    loop
        delete from read_details using reads
        where reads.id = read_details.read_id
          and reads.at >= one.since::timestamp at time zone 'Europe/Amsterdam'
          and reads.at < (one.since + 1)::timestamp at time zone 'Europe/Amsterdam';
        update retention_items set result = 'destroyed'
        where selection = chosen and unit = one.unit;
    end loop;
    return (select count(*) from retention_items where selection = chosen and result is null);
end $$
"""


def downgrade() -> None:
    kept = "select exists (select from ledger where subject = 'term' and subject_id = 'reads')"
    if op.get_bind().scalar(sa.text(kept)):
        raise RuntimeError("a term for who read what was recorded; a downgrade would lose it")
    op.execute(f"revoke maintain on read_details from {APP_ROLE}")
    op.execute("drop function destroy_selected_reads(text, integer)")
