"""`kdt serve`: KDT in the browser and for programs."""

import socket
import ssl
from urllib.parse import urlsplit

import click
import uvicorn
from fastapi import FastAPI
from sqlalchemy import select

from api.app import create_app
from kdt import bootstrap, clockwork, settings, words
from kdt.cases.model import record
from kdt.errors import Unavailable
from kdt.settings import InvalidSetting, Settings, is_loopback
from kdt.store.engine import Store
from kdt.store.transaction import reading

# An event stream never ends by itself; a stop waits this long for what is still being answered.
GRACE_SECONDS = 10


@click.command()
@click.option(
    "--root-path",
    default="",
    help="Het voorvoegsel waaronder een proxy KDT aanbiedt en dat hij weghaalt, zoals /kdt.",
)
def serve(root_path: str) -> None:
    """Start KDT in de browser en de API, op KDT_HOST en KDT_PORT.

    De eigen database wordt eerst bijgewerkt; een schema op een server moet al bij zijn.
    """
    chosen = settings.load()
    with bootstrap.opened(chosen) as store:
        run(store, chosen, demo=is_demo(store), root_path=root_path)


def run(store: Store, chosen: Settings, *, demo: bool, root_path: str = "") -> None:
    """Serve until told to stop.

    Raises InvalidSetting where example people would be let in from elsewhere or the certificate is
    none, and Unavailable when the address cannot be listened on.
    """
    _check_certificate(chosen)
    if demo:
        _keep_inside(chosen)
    with listening(chosen) as listener:
        app = create_app(store, chosen, demo=demo)
        server = uvicorn.Server(served(app, chosen, root_path))
        clock = clockwork.start(store, chosen)
        try:
            click.echo(f"KDT draait op {address(chosen)}. Stop met Ctrl+C.")
            server.run(sockets=[listener])
        finally:
            clock.stop()


def served(app: FastAPI, chosen: Settings, root_path: str = "") -> uvicorn.Config:
    """How the application is served."""
    return uvicorn.Config(
        app,
        root_path=root_path.rstrip("/"),
        # The log and the lines in it are ours.
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ssl_certfile=chosen.tls_certificate,
        ssl_keyfile=chosen.tls_key,
    )


def is_demo(store: Store) -> bool:
    """Whether the record is marked as an invented example."""
    with reading(store) as connection:
        return bool(connection.scalar(select(record.c.demo)))


def address(chosen: Settings) -> str:
    """Where a browser finds KDT."""
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    return f"{'https' if chosen.tls_certificate else 'http'}://{host}:{chosen.port}"


def _check_certificate(chosen: Settings) -> None:
    if chosen.tls_certificate is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(
            chosen.tls_certificate, chosen.tls_key
        )
    except OSError as error:
        raise InvalidSetting(
            "KDT_TLS_CERTIFICATE en KDT_TLS_KEY moeten bestanden zijn met een certificaat en de "
            "sleutel die erbij hoort, die KDT mag lezen."
        ) from error


def _keep_inside(chosen: Settings) -> None:
    """Anybody may be an example person; so that is for the machine itself alone."""
    why = "Dit register is een voorbeeld, waarin iedereen een voorbeeldpersoon kan zijn"
    if chosen.oidc_issuer is not None:
        raise InvalidSetting(
            f"{why}; dat gaat niet samen met KDT_OIDC_ISSUER. Gebruik een leeg register, of haal "
            "die instelling weg."
        )
    for name, host in (
        ("KDT_HOST", chosen.host),
        ("KDT_BASE_URL", urlsplit(chosen.base_url or "").hostname),
    ):
        if host is not None and not is_loopback(host):
            raise InvalidSetting(
                f"{why}; dat mag alleen op de eigen machine. Zet {name} op een adres van de "
                "machine zelf, zoals 127.0.0.1, of haal die instelling weg."
            )


def listening(chosen: Settings) -> socket.socket:
    """Where browsers and programs come in. Raises Unavailable when that is taken."""
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    try:
        listener = socket.create_server((chosen.host, chosen.port), family=family, backlog=2048)
    except OSError as error:
        raise Unavailable(
            f"KDT kan niet luisteren op {address(chosen)}: {words.why(error)}. "
            "Kies met KDT_HOST en KDT_PORT een ander adres, of stop wat daar al draait."
        ) from error
    # Every connection takes it over: an answer goes in two parts, and the second would wait until
    # the browser says it has the first, which takes it 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
