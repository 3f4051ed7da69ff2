"""What an administrator sets, read once from the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from kdt import words
from kdt.errors import KdtError, Unavailable

_MAILED_FROM = re.compile(r"[^@\s<>]+@[^@\s<>]+")
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
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    log_level: str = "info"
    requests_per_minute: int = 600
    metrics_token: str | None = None
    base_url: str | None = None
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret_file: Path | None = None
    oidc_scopes: str = "openid profile"
    oidc_label_claim: str = "name"
    oidc_audience: str | None = None
    oidc_acr: str | None = None
    session_idle_minutes: int = 30
    session_hours: int = 10
    checkpoint_to: str | None = None
    checkpoint_key: Path | None = None
    checkpoint_minutes: int = 24 * 60
    statements: Path | None = None
    smtp_host: str | None = None
    smtp_port: int = 25
    smtp_from: str | None = None
    smtp_user: str | None = None
    smtp_password_file: Path | None = None
    notice_minutes: int = 30
    events_local: str = "no"
    publication_key: Path | None = None
    publication_base: int = 5
    publication_final_days: int = 92

    @property
    def embedded(self) -> bool:
        """Whether KDT runs a database of its own."""
        return self.database_url is None

    @property
    def tells_local(self) -> bool:
        """Whether releases may be told to addresses on a network of one's own."""
        return self.events_local == "yes"

    @property
    def publication_secret(self) -> Path:
        """The file of the secret that publications are rounded with."""
        return self.publication_key or self.home / "publication.key"

    @property
    def statements_folder(self) -> Path:
        """The folder of the statements of destruction."""
        return self.statements or self.home / "statements"


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
        tls_certificate=_path(given, "KDT_TLS_CERTIFICATE"),
        tls_key=_path(given, "KDT_TLS_KEY"),
        log_level=given.get("KDT_LOG_LEVEL", default.log_level).lower(),
        requests_per_minute=_whole(
            given, "KDT_REQUESTS_PER_MINUTE", default.requests_per_minute, 1_000_000
        ),
        metrics_token=given.get("KDT_METRICS_TOKEN"),
        base_url=_address(given, "KDT_BASE_URL"),
        oidc_issuer=_address(given, "KDT_OIDC_ISSUER"),
        oidc_client_id=given.get("KDT_OIDC_CLIENT_ID"),
        oidc_client_secret_file=_path(given, "KDT_OIDC_CLIENT_SECRET_FILE"),
        oidc_scopes=given.get("KDT_OIDC_SCOPES", default.oidc_scopes),
        oidc_label_claim=given.get("KDT_OIDC_LABEL_CLAIM", default.oidc_label_claim),
        oidc_audience=given.get("KDT_OIDC_AUDIENCE"),
        oidc_acr=given.get("KDT_OIDC_ACR"),
        session_idle_minutes=_whole(
            given, "KDT_SESSION_IDLE_MINUTES", default.session_idle_minutes, 24 * 60
        ),
        session_hours=_whole(given, "KDT_SESSION_HOURS", default.session_hours, 24),
        checkpoint_to=given.get("KDT_CHECKPOINT_TO"),
        checkpoint_key=_path(given, "KDT_CHECKPOINT_KEY"),
        checkpoint_minutes=_whole(
            given, "KDT_CHECKPOINT_MINUTES", default.checkpoint_minutes, 7 * 24 * 60
        ),
        statements=_path(given, "KDT_STATEMENTS"),
        smtp_host=given.get("KDT_SMTP_HOST"),
        smtp_port=_whole(given, "KDT_SMTP_PORT", default.smtp_port, 65535),
        smtp_from=given.get("KDT_SMTP_FROM"),
        smtp_user=given.get("KDT_SMTP_USER"),
        smtp_password_file=_path(given, "KDT_SMTP_PASSWORD_FILE"),
        notice_minutes=_whole(given, "KDT_NOTICE_MINUTES", default.notice_minutes, 24 * 60),
        events_local=_yes_or_no(given, "KDT_EVENTS_LOCAL", default.events_local),
        publication_key=_path(given, "KDT_PUBLICATION_KEY"),
        publication_base=_whole(given, "KDT_PUBLICATION_BASE", default.publication_base, 100),
        publication_final_days=_whole(
            given, "KDT_PUBLICATION_FINAL_DAYS", default.publication_final_days, 3650
        ),
    )
    if settings.log_level not in LOG_LEVELS:
        raise InvalidSetting(f"KDT_LOG_LEVEL moet een van deze zijn: {', '.join(LOG_LEVELS)}.")
    if settings.migration_url and not settings.database_url:
        raise InvalidSetting("KDT_MIGRATION_URL heeft alleen zin samen met KDT_DATABASE_URL.")
    for one, other in _TOGETHER:
        if (one in given) != (other in given):
            raise InvalidSetting(f"{one} en {other} hebben alleen samen zin.")
    if settings.smtp_user is not None and settings.smtp_host is None:
        raise InvalidSetting("KDT_SMTP_USER heeft alleen zin samen met KDT_SMTP_HOST.")
    if settings.smtp_from is not None and not _MAILED_FROM.fullmatch(settings.smtp_from):
        raise InvalidSetting("KDT_SMTP_FROM moet een e-mailadres zijn, zoals kdt@voorbeeld.nl.")
    if settings.publication_base < 5:
        raise InvalidSetting("KDT_PUBLICATION_BASE moet ten minste 5 zijn.")
    _check_sign_in(given, settings)
    _kept_apart(settings.checkpoint_to, settings.checkpoint_key)
    return settings


def secret_in(path: Path) -> str:
    """What a file with a secret holds, without the end of its line. Raises Unavailable when there
    is none to read."""
    try:
        secret = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(words.say("unavailable.secret", path=path)) from error
    if not secret:
        raise Unavailable(words.say("unavailable.secret", path=path))
    return secret


def is_loopback(host: str) -> bool:
    """Whether only this machine itself can reach an address or a name."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


NAMES = (
    "KDT_HOME",
    "KDT_DATABASE_URL",
    "KDT_MIGRATION_URL",
    "KDT_HOST",
    "KDT_PORT",
    "KDT_TLS_CERTIFICATE",
    "KDT_TLS_KEY",
    "KDT_LOG_LEVEL",
    "KDT_REQUESTS_PER_MINUTE",
    "KDT_METRICS_TOKEN",
    "KDT_BASE_URL",
    "KDT_OIDC_ISSUER",
    "KDT_OIDC_CLIENT_ID",
    "KDT_OIDC_CLIENT_SECRET_FILE",
    "KDT_OIDC_SCOPES",
    "KDT_OIDC_LABEL_CLAIM",
    "KDT_OIDC_AUDIENCE",
    "KDT_OIDC_ACR",
    "KDT_SESSION_IDLE_MINUTES",
    "KDT_SESSION_HOURS",
    "KDT_CHECKPOINT_TO",
    "KDT_CHECKPOINT_KEY",
    "KDT_CHECKPOINT_MINUTES",
    "KDT_STATEMENTS",
    "KDT_SMTP_HOST",
    "KDT_SMTP_PORT",
    "KDT_SMTP_FROM",
    "KDT_SMTP_USER",
    "KDT_SMTP_PASSWORD_FILE",
    "KDT_NOTICE_MINUTES",
    "KDT_EVENTS_LOCAL",
    "KDT_PUBLICATION_KEY",
    "KDT_PUBLICATION_BASE",
    "KDT_PUBLICATION_FINAL_DAYS",
)
_TOGETHER = (
    ("KDT_TLS_CERTIFICATE", "KDT_TLS_KEY"),
    ("KDT_SMTP_HOST", "KDT_SMTP_FROM"),
    ("KDT_SMTP_USER", "KDT_SMTP_PASSWORD_FILE"),
)
_NEEDED_TO_SIGN_IN = ("KDT_OIDC_CLIENT_ID", "KDT_BASE_URL")


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


def _address(given: Mapping[str, str], name: str) -> str | None:
    """A web address without query: over TLS, unless it is on this machine itself."""
    address = given.get(name)
    if address is None:
        return None
    parts = _split(address)
    if (
        parts is None
        or not parts.hostname
        or parts.username is not None
        or parts.query
        or parts.fragment
        or not (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname)))
    ):
        raise InvalidSetting(
            f"{name} moet een adres zijn dat met https:// begint en geen ? of # bevat; alleen op "
            "de eigen machine mag http://."
        )
    return address


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        # A bad port shows only when it is asked for.
        usable = parts.port != 0
    except ValueError:
        return None
    return parts if usable else None


def _path(given: Mapping[str, str], name: str) -> Path | None:
    path = given.get(name)
    return None if path is None else Path(path)


def _check_sign_in(given: Mapping[str, str], settings: Settings) -> None:
    if settings.oidc_issuer is None:
        alone = [name for name in given if name.startswith("KDT_OIDC_")]
        if alone:
            raise InvalidSetting(f"{alone[0]} heeft alleen zin samen met KDT_OIDC_ISSUER.")
        return
    for name in _NEEDED_TO_SIGN_IN:
        if name not in given:
            raise InvalidSetting(f"Bij KDT_OIDC_ISSUER hoort ook {name}.")
    if "openid" not in settings.oidc_scopes.split():
        raise InvalidSetting("In KDT_OIDC_SCOPES moet openid staan, met spaties ertussen.")
    if settings.oidc_audience == settings.oidc_client_id:
        raise InvalidSetting(
            "KDT_OIDC_AUDIENCE moet een andere waarde hebben dan KDT_OIDC_CLIENT_ID: een token "
            "om mee aan te melden is geen toegangstoken."
        )


def _yes_or_no(given: Mapping[str, str], name: str, default: str) -> str:
    if (value := given.get(name, default)) not in ("yes", "no"):
        raise InvalidSetting(f"{name} moet yes of no zijn, niet {value!r}.")
    return value


def _whole(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    value = given.get(name)
    if value is None:
        return default
    if not value.isascii() or not value.isdigit() or not 0 < int(value) <= most:
        raise InvalidSetting(f"{name} moet een getal van 1 tot en met {most} zijn, niet {value!r}.")
    return int(value)


def _kept_apart(to: str | None, key: Path | None) -> None:
    """Checkpoints and the key they are signed with: both or neither, and not in one place."""
    if (to is None) != (key is None):
        raise InvalidSetting(
            "KDT_CHECKPOINT_TO en KDT_CHECKPOINT_KEY horen bij elkaar: stel beide in."
        )
    if to is not None and key is not None and Path(to).resolve() in key.resolve().parents:
        raise InvalidSetting("KDT_CHECKPOINT_KEY mag niet in de map van KDT_CHECKPOINT_TO staan.")
