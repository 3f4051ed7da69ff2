"""What tests share: the question whether a record is still sound."""

from kdt.store.engine import Store
from kdt.verify import verify


def assert_sound(store: Store) -> None:
    """Fail, naming what is wrong, unless log, projections and tallies agree throughout."""
    report = verify(store)
    assert report.sound, "\n".join(finding.sentence for finding in report.findings[:20])
