"""All tables in one place, for whoever needs to compare them with a database."""

from importlib import import_module

from sqlalchemy import MetaData

from kdt.store.metadata import metadata

# Named, not imported: the store stands below the features that declare these.
_MODULES = (
    "kdt.access.model",
    "kdt.cases.model",
    "kdt.deadlines.model",
    "kdt.differences.model",
    "kdt.ledger.model",
    "kdt.panels.model",
    "kdt.parliament.model",
    "kdt.publications.model",
    "kdt.reads.model",
    "kdt.retention.model",
    "kdt.rising.model",
    "kdt.similar.model",
    "kdt.store.knocks",
    "kdt.tallies.model",
    "kdt.themes.model",
)


def load() -> MetaData:
    """Import every feature's tables and give the catalogue that holds them."""
    for module in _MODULES:
        import_module(module)
    return metadata
