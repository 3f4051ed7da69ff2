"""What an administrator sets: read once, refused with a sentence, and all of it documented."""

import dataclasses
import re
from pathlib import Path

import pytest

from kdt import settings
from kdt.settings import InvalidSetting, Settings

OPERATIONS = Path(__file__).parents[1] / "docs" / "operations.md"


def test_every_setting_is_documented_with_its_default() -> None:
    rows = dict(
        re.findall(r"^\| `(KDT_\w+)` \| (-|`[^`]+`) \|", OPERATIONS.read_text(), re.MULTILINE)
    )
    assert list(rows) == list(settings.NAMES)
    given = dataclasses.asdict(Settings())
    for name, documented in rows.items():
        default = given[name.removeprefix("KDT_").lower()]
        shown = "-" if default is None else f"`{default}`".replace("`var`", "`./var`")
        assert documented == shown


def test_every_field_has_a_name_in_the_environment() -> None:
    fields = {f"KDT_{field.name.upper()}" for field in dataclasses.fields(Settings)}
    assert fields == set(settings.NAMES)


def test_nothing_set_means_the_embedded_database() -> None:
    loaded = settings.load({"KDT_DATABASE_URL": " ", "KDT_PORT": ""})
    assert loaded == Settings()
    assert loaded.embedded


def test_all_of_it_is_read() -> None:
    assert settings.load(
        {
            "KDT_HOME": "/srv/kdt",
            "KDT_DATABASE_URL": "postgres://app:x@db/kdt",
            "KDT_MIGRATION_URL": "postgresql://owner:y@db/kdt",
            "KDT_HOST": "0.0.0.0",
            "KDT_PORT": "80",
            "KDT_TLS_CERTIFICATE": "/etc/kdt/kdt.pem",
            "KDT_TLS_KEY": "/etc/kdt/kdt.key",
            "KDT_LOG_LEVEL": "DEBUG",
            "KDT_BASE_URL": "https://kdt.example.org/kdt",
            "KDT_OIDC_ISSUER": "http://127.0.0.1:9000",
            "KDT_OIDC_CLIENT_ID": "kdt",
            "KDT_OIDC_CLIENT_SECRET_FILE": "/run/secret",
            "KDT_OIDC_SCOPES": "openid roles",
            "KDT_OIDC_LABEL_CLAIM": "nickname",
            "KDT_OIDC_AUDIENCE": "urn:kdt",
            "KDT_OIDC_ACR": "loa3 loa4",
            "KDT_SESSION_IDLE_MINUTES": "15",
            "KDT_SESSION_HOURS": "8",
            "KDT_REQUESTS_PER_MINUTE": "60",
            "KDT_METRICS_TOKEN": "geheim",
            "KDT_CHECKPOINT_TO": "s3://ijkpunten/kdt",
            "KDT_CHECKPOINT_KEY": "/etc/kdt/key.pem",
            "KDT_CHECKPOINT_MINUTES": "60",
        }
    ) == Settings(
        home=Path("/srv/kdt"),
        database_url="postgresql+psycopg://app:x@db/kdt",
        migration_url="postgresql+psycopg://owner:y@db/kdt",
        host="0.0.0.0",
        port=80,
        tls_certificate=Path("/etc/kdt/kdt.pem"),
        tls_key=Path("/etc/kdt/kdt.key"),
        log_level="debug",
        base_url="https://kdt.example.org/kdt",
        oidc_issuer="http://127.0.0.1:9000",
        oidc_client_id="kdt",
        oidc_client_secret_file=Path("/run/secret"),
        oidc_scopes="openid roles",
        oidc_label_claim="nickname",
        oidc_audience="urn:kdt",
        oidc_acr="loa3 loa4",
        session_idle_minutes=15,
        session_hours=8,
        requests_per_minute=60,
        metrics_token="geheim",
        checkpoint_to="s3://ijkpunten/kdt",
        checkpoint_key=Path("/etc/kdt/key.pem"),
        checkpoint_minutes=60,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KDT_PORT", "http"),
        ("KDT_PORT", "0"),
        ("KDT_PORT", "65536"),
        ("KDT_PORT", "٨٠٠٠"),
        ("KDT_LOG_LEVEL", "loud"),
        ("KDT_REQUESTS_PER_MINUTE", "0"),
        ("KDT_DATABASE_URL", "sqlite:///kdt.db"),
        ("KDT_DATABASE_URL", "postgresql"),
        ("KDT_MIGRATION_URL", "postgresql://owner@db/kdt"),
        ("KDT_BASE_URL", "kdt.example.org"),
        ("KDT_BASE_URL", "http://kdt.example.org"),
        ("KDT_BASE_URL", "https://kdt.example.org/?next=/"),
        ("KDT_BASE_URL", "https://beheer:geheim@kdt.example.org"),
        ("KDT_BASE_URL", "https://kdt.example.org:99999"),
        ("KDT_OIDC_ISSUER", "https://"),
        ("KDT_OIDC_ISSUER", "http://192.0.2.1"),
        ("KDT_OIDC_ISSUER", "https://provider.example.org"),
        ("KDT_OIDC_AUDIENCE", "urn:kdt"),
        ("KDT_SESSION_IDLE_MINUTES", "0"),
        ("KDT_SESSION_HOURS", "25"),
        ("KDT_CHECKPOINT_TO", "/srv/ijkpunten"),
        ("KDT_CHECKPOINT_KEY", "/etc/kdt/key.pem"),
        ("KDT_CHECKPOINT_MINUTES", "10081"),
        ("KDT_CHECKPOINT_MINUTES", "dag"),
        ("KDT_TLS_CERTIFICATE", "/etc/kdt/kdt.pem"),
        ("KDT_SMTP_HOST", "mail.example.org"),
        ("KDT_SMTP_FROM", "geen adres"),
        ("KDT_SMTP_USER", "kdt"),
    ],
)
def test_a_bad_value_is_one_sentence_with_the_name(name: str, value: str) -> None:
    with pytest.raises(InvalidSetting, match=rf"^[^\n]*{name}[^\n]*\.$"):
        settings.load({name: value})


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(InvalidSetting) as caught:
        settings.load({"KDT_DATABASE_URL": "mysql://kdt:geheim@db/kdt"})
    assert "geheim" not in str(caught.value)


SIGN_IN = {
    "KDT_BASE_URL": "https://kdt.example.org",
    "KDT_OIDC_ISSUER": "https://provider.example.org",
    "KDT_OIDC_CLIENT_ID": "kdt",
}


def test_what_signing_in_needs_is_there_or_named() -> None:
    settings.load(SIGN_IN)
    for name in ("KDT_BASE_URL", "KDT_OIDC_CLIENT_ID"):
        with pytest.raises(InvalidSetting, match=name):
            settings.load({**SIGN_IN, name: ""})
    with pytest.raises(InvalidSetting, match="KDT_OIDC_SCOPES"):
        settings.load({**SIGN_IN, "KDT_OIDC_SCOPES": "profile"})
    with pytest.raises(InvalidSetting, match="KDT_OIDC_AUDIENCE"):
        settings.load({**SIGN_IN, "KDT_OIDC_AUDIENCE": "kdt"})


def test_a_server_of_mail_to_sign_in_with_is_told_with_its_password() -> None:
    server = {"KDT_SMTP_HOST": "mail.example.org", "KDT_SMTP_FROM": "kdt@example.org"}
    user = {"KDT_SMTP_USER": "kdt", "KDT_SMTP_PASSWORD_FILE": "/etc/kdt/mail"}
    assert settings.load({**server, **user}).smtp_user == "kdt"
    for name in (*server, *user):
        with pytest.raises(InvalidSetting, match="KDT_SMTP"):
            settings.load({**server, **user, name: ""})


def test_the_key_of_checkpoints_does_not_stand_among_them(tmp_path: Path) -> None:
    given = {
        "KDT_CHECKPOINT_TO": str(tmp_path),
        "KDT_CHECKPOINT_KEY": str(tmp_path / "sleutel" / "key.pem"),
    }
    with pytest.raises(InvalidSetting, match=r"^KDT_CHECKPOINT_KEY mag niet in de map .*\.$"):
        settings.load(given)
