"""Places outside the database where files are kept for good: a folder, or an S3-compatible address.

What is kept is never written again: a name that is taken stays as it is.
"""

from kdt.depots.opening import Depot, DepotFailed, depot, split

__all__ = ["Depot", "DepotFailed", "depot", "split"]
