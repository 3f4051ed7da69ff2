"""Working everything out again from the log, and naming what does not agree.

It holds the record against itself. Whoever may change everything, and changes hashes, digests,
salts, state and tallies so that they agree again, is found only by heads kept elsewhere; likewise a
tail cut off together with all that spoke of it, where it counted in no figure. Not covered by the
log: names and hours of panels, the names of import files, and whether a record is a demonstration.
"""

from kdt.verify.findings import Finding, Report
from kdt.verify.run import examine, verify

__all__ = ["Finding", "Report", "examine", "verify"]
