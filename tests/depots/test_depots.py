"""Both kinds of place keep files the same way: for good, and never one in the place of another."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier, Thread

import boto3  # type: ignore[import-untyped]
import pytest
from moto.server import ThreadedMotoServer

from kdt.depots import Depot, DepotFailed, depot, split


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """The address of an empty bucket of an S3-compatible server on loopback."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    usual = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "kdt",
        "AWS_SECRET_ACCESS_KEY": "geheim",
    }
    with ExitStack() as undo, pytest.MonkeyPatch.context() as patch:
        undo.callback(server.stop)
        for name, value in usual.items():
            patch.setenv(name, value)
        client = boto3.client("s3", endpoint_url=usual["AWS_ENDPOINT_URL"], region_name="eu-west-1")
        undo.callback(client.close)
        client.create_bucket(
            Bucket="ijkpunten", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        yield "s3://ijkpunten"


@pytest.fixture(params=["folder", "bucket"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An address nothing was kept at yet."""
    if request.param == "folder":
        return str(tmp_path / "kept")
    return f"{request.getfixturevalue('bucket')}/{tmp_path.name}"


@pytest.fixture
def place(address: str) -> Depot:
    return depot(address)


def test_what_is_kept_is_read_again(place: Depot) -> None:
    assert place.names() == []
    assert place.read("een.json") is None
    assert place.keep("twee.gz", b"\x00\xff" * 1000)
    assert place.keep("een.json", b"{}\n")
    assert place.names() == ["een.json", "twee.gz"]
    assert (place.read("een.json"), place.read("twee.gz")) == (b"{}\n", b"\x00\xff" * 1000)


def test_a_name_that_is_taken_stays_as_it_is(place: Depot) -> None:
    assert place.keep("een.json", b"eerst")
    assert not place.keep("een.json", b"later")
    assert place.read("een.json") == b"eerst"
    assert place.names() == ["een.json"]


def test_of_many_at_once_one_keeps_it(address: str) -> None:
    start, kept = Barrier(4), []

    def keep(number: int) -> None:
        own = depot(address)
        start.wait()
        if own.keep("een.json", str(number).encode()):
            kept.append(number)

    threads = [Thread(target=keep, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 1
    assert depot(address).read("een.json") == str(kept[0]).encode()


def test_another_folder_of_the_bucket_is_another_place(bucket: str) -> None:
    assert depot(f"{bucket}/hier").keep("een.json", b"hier")
    assert depot(f"{bucket}/daar").names() == []
    assert depot(f"{bucket}/hier/").names() == ["een.json"]


def test_a_bucket_that_is_not_there_is_one_sentence(bucket: str) -> None:
    with pytest.raises(DepotFailed, match=r"^De opslag op s3://elders kan niet .*\.$"):
        depot("s3://elders").names()
    with pytest.raises(DepotFailed):
        depot("s3://elders").keep("een.json", b"")


def test_a_folder_that_is_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DepotFailed, match=r"^De map .*/file kan niet worden gebruikt: .*\.$"):
        depot(str(tmp_path / "file")).names()
    with pytest.raises(DepotFailed):
        depot(str(tmp_path / "file")).keep("een.json", b"")


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DepotFailed, match="de schijf is vol"):
        depot(str(tmp_path)).keep("een.json", b"half")
    assert list(tmp_path.iterdir()) == []


def test_the_place_of_a_file() -> None:
    assert split("/srv/kept/een.json") == ("/srv/kept", "een.json")
    assert split("een.json") == (".", "een.json")
    assert split("/een.json") == ("/", "een.json")
    assert split("s3://ijkpunten/hier/een.json") == ("s3://ijkpunten/hier", "een.json")
