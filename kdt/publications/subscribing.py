"""An administrator says to which addresses it is told that figures were released, and ends that."""

import ipaddress
import secrets
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from sqlalchemy import Connection, func
from sqlalchemy.dialects.postgresql import insert

from kdt import names, words
from kdt.access import permissions, repeats
from kdt.access.permissions import Actor
from kdt.access.table import Right
from kdt.errors import NotFound, refused
from kdt.ledger.service import By, Fact, append
from kdt.ledger.table import Subject
from kdt.publications.model import event_deliveries, event_subscription_terms
from kdt.publications.subscriptions import Address, addresses, as_received
from kdt.publications.subscriptions import address as known_address
from kdt.store import locks
from kdt.store.engine import Store
from kdt.store.transaction import writing
from kdt.values import Problem

_LONGEST = 500
# What is handed out on the internet (RFC 4291), and what NAT64 (RFC 6052) wraps.
_HANDED_OUT = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Names that never leave a network of one's own.
_LOCAL = ("localhost", ".localhost", ".local", ".internal", ".home.arpa")


class Code(StrEnum):
    """Why it cannot be so; the Dutch stands under `refusal`."""

    SUBSCRIPTION_ENDED = "subscription_ended"


def begin(
    store: Store, actor: Actor, address: str, *, local: bool = False, key: str | None = None
) -> str:
    """Tell an address of every release from now on; the id. `local`: whether an address on a
    network of one's own will do.

    Raises Forbidden, InvalidInput and Conflict (the key was used for something else).
    """
    permissions.require(actor, Right.SUBSCRIBE)
    repeat = repeats.of(actor, key, Subject.SUBSCRIPTION, address)
    with writing(store) as connection:
        if made := repeat.recorded(connection):
            return made
        locks.hold(connection, locks.SUBSCRIPTIONS)
        given = _checked(address, local=local)
        if any(one.address == given for one in addresses(connection)):
            raise names.invalid(Problem("subscribed_already", "address"))
        new = f"A-{secrets.token_hex(4).upper()}"
        fact = Fact(Subject.SUBSCRIPTION, new, "begin", {}, {"address": given})
        _tell(connection, actor, fact, given, stands=True)
        repeat.record(connection, Subject.SUBSCRIPTION, new)
    return new


def end(store: Store, actor: Actor, wanted: str) -> None:
    """Tell it nothing more. Raises Forbidden, NotFound and Refused."""
    permissions.require(actor, Right.SUBSCRIBE)
    with writing(store) as connection:
        locks.hold(connection, locks.SUBSCRIPTIONS)
        known = _known(connection, wanted)
        if not known.stands:
            raise refused(Code.SUBSCRIPTION_ENDED)
        fact = Fact(Subject.SUBSCRIPTION, wanted, "end")
        _tell(connection, actor, fact, known.address, stands=False)


def to_tell(connection: Connection, publication: str, released_at: datetime) -> None:
    """Let every address that stands be told of a release, in the transaction of that release."""
    rows = [
        {
            "subscription": one.id,
            "publication": publication,
            "released_at": released_at,
            "due_at": func.now(),
        }
        for one in addresses(connection)
    ]
    if rows:
        connection.execute(insert(event_deliveries).values(rows))


def global_only(host: str) -> bool:
    """Whether an IP address is one on the internet, and not on a network of one's own, whatever it
    is wrapped in."""
    found = ipaddress.ip_address(host.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if found in _NAT64:
            inside = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inside is not None:
            return global_only(str(inside))
        if found not in _HANDED_OUT:
            return False
    return found.is_global and not found.is_multicast


def _known(connection: Connection, wanted: str) -> Address:
    known = known_address(connection, wanted)
    if known is None:
        raise NotFound(words.say("refusal.not_found"))
    return known


def _tell(connection: Connection, actor: Actor, fact: Fact, address: str, *, stands: bool) -> None:
    (recorded,) = append(connection, By(actor.person, actor.role), fact)
    connection.execute(
        insert(event_subscription_terms).values(
            subscription=fact.id,
            recorded_at=recorded.recorded_at,
            address=address,
            stands=stands,
            recorded_by=actor.person,
        )
    )


def _checked(address: str, *, local: bool) -> str:
    """An address as it is kept, and as its receiver sees it (RFC 9110, 4.2.3). Raises InvalidInput.
    Where a name leads is looked up when something is sent, each time."""
    given = names.text_given("address", address)
    try:
        parts = urlsplit(given)
        host, port = parts.hostname, parts.port
        (host or "").encode("idna")
    except ValueError:
        host = None
    else:
        if parts.scheme != "https" or parts.username is not None or parts.fragment or port == 0:
            host = None
    if not host or len(given) > _LONGEST or not given.isascii() or any(one <= " " for one in given):
        raise names.invalid(Problem("not_https", "address"))
    if not local and _is_local(host):
        raise names.invalid(Problem("local_address", "address"))
    return as_received(given)


def _is_local(host: str) -> bool:
    name = host.rstrip(".").lower()
    try:
        return not global_only(name)
    except ValueError:
        return "." not in name or name.endswith(_LOCAL)
