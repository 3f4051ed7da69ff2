"""What auditors are served by, and a desk at which people read."""

from tests.pages.conftest import desk
from tests.reads.conftest import owner

__all__ = ["desk", "owner"]
