"""Working everything out again from the log, and naming what does not agree.

It holds the record against itself, and against a checkpoint. Whoever may change everything, and
changes hashes, digests, salts, state and tallies so that they agree again, is found only by that;
likewise a tail cut off together with all that spoke of it, where it counted in no figure.
"""

from kdt.verify.findings import Finding, Report
from kdt.verify.run import examine, verify

__all__ = ["Finding", "Report", "examine", "verify"]
