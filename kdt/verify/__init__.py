"""Working everything out again from the log, and naming what does not agree."""

from kdt.verify.findings import Finding, Report
from kdt.verify.run import examine, verify

__all__ = ["Finding", "Report", "examine", "verify"]
