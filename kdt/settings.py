"""What an administrator sets, read once from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kdt.errors import KdtError

LOG_LEVELS = ("debug", "info", "warning", "error")


class InvalidSetting(KdtError):
    """A setting in the environment has a value that cannot be used."""


@dataclass(frozen=True)
class Settings:
    """The settings in force; each stands in `docs/operations.md` under its own name."""

    home: Path = Path("var")
    database_url: str | None = None
    migration_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    log_level: str = "info"
    requests_per_minute: int = 600
    metrics_token: str | None = None

    @property
    def embedded(self) -> bool:
        """Whether KDT runs a database of its own."""
        return self.database_url is None


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings in the environment; raises InvalidSetting with what is wrong.

    An empty value counts as not set.
    """
    given = {name: value for name in NAMES if (value := environment.get(name, "").strip())}
    default = Settings()
    settings = Settings(
        home=Path(given.get("KDT_HOME", default.home)),
        database_url=_url(given, "KDT_DATABASE_URL"),
        migration_url=_url(given, "KDT_MIGRATION_URL"),
        host=given.get("KDT_HOST", default.host),
        port=_whole(given, "KDT_PORT", default.port, 65535),
        log_level=given.get("KDT_LOG_LEVEL", default.log_level).lower(),
        requests_per_minute=_whole(
            given, "KDT_REQUESTS_PER_MINUTE", default.requests_per_minute, 1_000_000
        ),
        metrics_token=given.get("KDT_METRICS_TOKEN"),
    )
    if settings.log_level not in LOG_LEVELS:
        raise InvalidSetting(f"KDT_LOG_LEVEL moet een van deze zijn: {', '.join(LOG_LEVELS)}.")
    if settings.migration_url and not settings.database_url:
        raise InvalidSetting("KDT_MIGRATION_URL heeft alleen zin samen met KDT_DATABASE_URL.")
    return settings


NAMES = (
    "KDT_HOME",
    "KDT_DATABASE_URL",
    "KDT_MIGRATION_URL",
    "KDT_HOST",
    "KDT_PORT",
    "KDT_LOG_LEVEL",
    "KDT_REQUESTS_PER_MINUTE",
    "KDT_METRICS_TOKEN",
)


def _url(given: Mapping[str, str], name: str) -> str | None:
    url = given.get(name)
    if url is None:
        return None
    scheme, separator, rest = url.partition("://")
    # One driver; so the usual spellings of a PostgreSQL address all mean that one.
    if scheme not in ("postgresql", "postgres", "postgresql+psycopg") or not separator:
        # The value itself is not repeated: it may hold a password.
        raise InvalidSetting(
            f"{name} moet een adres zijn als postgresql://gebruiker@server:5432/database."
        )
    return f"postgresql+psycopg://{rest}"


def _whole(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    value = given.get(name)
    if value is None:
        return default
    if not value.isascii() or not value.isdigit() or not 0 < int(value) <= most:
        raise InvalidSetting(f"{name} moet een getal van 1 tot en met {most} zijn, niet {value!r}.")
    return int(value)
