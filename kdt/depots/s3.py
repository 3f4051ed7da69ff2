"""A bucket of an S3-compatible service. Endpoint, region and keys come from the usual `AWS_`
variables of the environment, never from the address."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from kdt import words
from kdt.depots.opening import S3, DepotFailed

# A knock of the clock, or a person at a command line, waits for this; it does not wait for ever.
_TIMEOUT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Bucket:
    """What stands under `s3://bucket/folder`."""

    address: str
    _store: S3Store = field(init=False)

    def __post_init__(self) -> None:
        bucket, _, folder = self.address.removeprefix(S3).partition("/")
        with self._clear():
            store = S3Store(
                bucket,
                prefix=folder.strip("/") or None,
                # Without TLS only where the endpoint was written so.
                client_options={"timeout": _TIMEOUT, "allow_http": _plain_http()},
                retry_config={"max_retries": 3, "retry_timeout": _TIMEOUT},
            )
        object.__setattr__(self, "_store", store)

    def names(self) -> list[str]:
        """The names of the files, in order."""
        with self._clear():
            found = obstore.list(self._store).collect()
            return sorted(one["path"] for one in found if "/" not in one["path"])

    def read(self, name: str) -> bytes | None:
        """What a file holds; None when it is not there."""
        with self._clear():
            try:
                return bytes(obstore.get(self._store, name).bytes())
            except FileNotFoundError:
                return None

    def keep(self, name: str, content: bytes) -> bool:
        """Keep a file, stored when this returns; False when the name is taken."""
        with self._clear():
            try:
                # Refused by the service itself when it is there (If-None-Match).
                obstore.put(self._store, name, content, mode="create", use_multipart=False)
            except AlreadyExistsError:
                return False
            return True

    @contextmanager
    def _clear(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, OSError, ValueError) as error:
            # The reason is the kind alone: the message may hold what the service was sent.
            raise DepotFailed(
                words.say("depot.s3", address=self.address, error=type(error).__name__)
            ) from error


def _plain_http() -> bool:
    return os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://")
