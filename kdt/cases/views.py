"""Views of the record, for who may not or need not look at its tables. Migrations make them."""

from sqlalchemy import column, table

# The same rows for a transaction that may write, without the policy that narrows what reads
# (docs/decisions/0022); empty for one that only reads.
UNSCOPED = "unscoped_escalations"

# What waits and what is on agendas, for what only counts it: from their indexes, whoever asks
# (docs/decisions/0072).
WAITING_NOW = table("waiting", *map(column, ("level", "location", "waiting_since", "held_over")))
ON_AGENDAS = table("on_agendas", column("panel"), column("meeting_on"))
