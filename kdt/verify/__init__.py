"""Working everything out again from the log, and naming what does not agree.

It holds the record against itself, and against a checkpoint. Whoever may change everything, and
changes hashes, digests, salts, state and tallies so that they agree again, is found only by that;
likewise a tail cut off together with all that spoke of it, where it counted in no figure.

Compared with what was recorded: state, considerations, themes, stays, the outbox and tallies with
the log of escalations; places, panels, themes, people, roles, mappings, imports and all that
happens around a case with the ledger; the read log and the lists of destruction with their digests
there; every version of an agenda with the one before it and the ledger. Not compared, being
recorded by no fact: sessions and requests, the hour and place a pattern gave a meeting, why an item
has its place in a first version, and the moments of a last sign-in, of an import and beside a
recusal.
"""

from kdt.verify.findings import Finding, Report
from kdt.verify.run import examine, verify

__all__ = ["Finding", "Report", "examine", "verify"]
