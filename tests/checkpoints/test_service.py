"""Making checkpoints: one after the other, each only of a record that holds the one before."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from kdt import clockwork, signing
from kdt.cases.importing import import_history
from kdt.checkpoints import service
from kdt.checkpoints.service import CheckpointRefused
from kdt.depots import Depot, DepotFailed, depot
from kdt.errors import Conflict
from kdt.settings import Settings
from kdt.signing import Key
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.verify import alone, examine
from kdt.verify import checkpoints as kept
from kdt.verify.alone import Held
from kdt.verify.checkpoints import CheckpointUnusable
from tests.verify.record import write

EXAMPLE = Path(__file__).parents[1] / "data" / "history-example.jsonl"
NOW = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)


@pytest.fixture
def key(tmp_path: Path) -> Key:
    return signing.create(tmp_path / "key.pem")


@pytest.fixture
def place(tmp_path: Path) -> Depot:
    return depot(str(tmp_path / "kept"))


@pytest.fixture
def imported(store: Store, tmp_path: Path) -> Store:
    """Three escalations are enough, and soon there."""
    lines = [json.loads(line) for line in EXAMPLE.read_text().splitlines()]
    few = [one for one in lines if one.get("escalation", "V-000001") <= "V-000003"]
    assert import_history(store, write(tmp_path / "few.jsonl", few), by="beheer").bad == []
    return store


def spoil(owner_url: str, log: str, statement: str) -> None:
    """As the owner, who can put the protection aside and back again."""
    engine: Engine = create_engine(owner_url)
    with engine.begin() as connection:
        connection.execute(text(f"alter table {log} disable trigger {log}_append_only"))
        connection.execute(text(statement))
        connection.execute(text("set constraints all immediate"))
        connection.execute(text(f"alter table {log} enable always trigger {log}_append_only"))
    engine.dispose()


def held(store: Store, place: Depot, key: Key) -> tuple[Held, list[str]]:
    found = kept.newest(place)
    assert found
    against = kept.hold(place, found, [key.public])
    with reading(store) as connection:
        report = examine(connection, held=against)
    return against, [finding.code for finding in report.findings]


def test_checkpoints_follow_one_another(imported: Store, place: Depot, key: Key) -> None:
    first = service.make(imported, place, key, NOW)
    second = service.make(imported, place, key, NOW + timedelta(days=1))
    assert (first.number, first.previous, first.moment) == (1, None, NOW)
    content = place.read("checkpoint-000001.json")
    assert content
    assert (second.number, second.previous) == (2, sha256(content).hexdigest())
    assert first.chains["escalation"] == (3, 28)
    assert first.chains["ledger:record"] == (1, 1)
    # Nothing changed, so the heads are one file.
    assert first.root == second.root
    assert place.names() == ["checkpoint-000001.json", "checkpoint-000002.json", first.heads_file]
    assert [found.checkpoint for found in kept.every(place)] == [first, second]


def test_an_empty_record_has_a_checkpoint_too(store: Store, place: Depot, key: Key) -> None:
    made = service.make(store, place, key, NOW)
    assert (made.chains, made.root) == ({}, sha256().hexdigest())
    assert import_history(store, EXAMPLE, by="beheer").bad == []
    against, codes = held(store, place, key)
    # Older than the checkpoint, yet brought in after it by an import that the ledger knows of.
    assert codes == []
    assert (against.exposed_entries, against.imported) == (436, 428)


def test_what_came_since_is_exposed(
    imported: Store, place: Depot, key: Key, tmp_path: Path
) -> None:
    service.make(imported, place, key, datetime(2025, 12, 1, tzinfo=UTC))
    line: dict[str, object] = {
        "ref": "later-1",
        "recordedAt": "2026-01-05T10:00:00+01:00",
        "occurredOn": "2026-01-05",
        "actor": "medewerker-9",
        "role": "officer",
        "action": "open",
        "escalation": "V-later",
        "case": "Z-later",
        "location": "Den Bosch",
        "question": "decision",
        "ground": "complex",
    }
    file = write(tmp_path / "later.jsonl", [{"kind": "history", "version": 1}, line])
    assert import_history(imported, file, by="beheer").bad == []
    against, codes = held(imported, place, key)
    assert (codes, against.exposed_entries, against.exposed_chains) == ([], 2, 2)


@pytest.mark.parametrize(
    ("log", "statement", "sentence"),
    [
        (
            "entries",
            "update entries set hash = sha256(hash) where ref = 'V-000002-04'",
            "Voorlegging V-000002, registratie",
        ),
        (
            "entries",
            "delete from entries where escalation_id = 'V-000002' and seq > 2",
            "Voorlegging V-000002, registratie 3: ontbreekt met alles erna",
        ),
        (
            "ledger",
            "update ledger set hash = sha256(hash) where subject_id = 'Den Bosch'",
            "Locatie Den Bosch, registratie 1: is anders",
        ),
    ],
)
def test_a_record_that_lost_something_gets_no_new_checkpoint(
    imported: Store,
    owner_url: str,
    place: Depot,
    key: Key,
    log: str,
    statement: str,
    sentence: str,
) -> None:
    service.make(imported, place, key, NOW)
    if "V-000002-04" in statement:
        # The last of its chain; a hash in the middle is a matter of the chain itself.
        statement = statement.replace("ref = 'V-000002-04'", "escalation_id = 'V-000002'")
    spoil_with_people(owner_url, log, statement)
    with pytest.raises(CheckpointRefused, match=f"1 bevinding.*{sentence}"):
        service.make(imported, place, key, NOW)
    assert len(list(kept.every(place))) == 1


def spoil_with_people(owner_url: str, log: str, statement: str) -> None:
    """As `spoil`, with what refers to a deleted entry deleted first."""
    if statement.startswith("delete from entries"):
        for table in ("entry_texts", "entry_people"):
            spoil(owner_url, log, statement.replace("from entries", f"from {table}"))
    spoil(owner_url, log, statement)


def test_a_whole_chain_gone_is_named(
    imported: Store, owner_url: str, place: Depot, key: Key
) -> None:
    service.make(imported, place, key, NOW)
    spoil_with_people(owner_url, "entries", "delete from entries where escalation_id = 'V-000002'")
    with pytest.raises(CheckpointRefused, match="Voorlegging V-000002: de hele keten is weg"):
        service.make(imported, place, key, NOW)


def test_a_hash_in_the_middle_of_a_chain_that_grew_is_seen(
    imported: Store, owner_url: str, place: Depot, key: Key
) -> None:
    service.make(imported, place, key, NOW)
    spoil(
        owner_url,
        "entries",
        "insert into entries (escalation_id, seq, ref, action, occurred_on, recorded_at, "
        "recorded_on, content, hash) select escalation_id, seq + 1, ref || '-x', action, "
        "occurred_on, '2026-11-26 09:00Z', '2026-11-26', content, hash from entries "
        "where escalation_id = 'V-000002' order by seq desc limit 1",
    )
    service.make(imported, place, key, NOW)
    spoil(
        owner_url,
        "entries",
        "update entries set hash = sha256(hash) where escalation_id = 'V-000002'",
    )
    with pytest.raises(CheckpointRefused, match="Voorlegging V-000002, registratie"):
        service.make(imported, place, key, NOW)


def test_what_was_dated_back_is_not_signed_away(
    store: Store, owner_url: str, place: Depot, key: Key
) -> None:
    service.make(store, place, key, NOW)
    # What a file brings in since may be older, and then stands under the next.
    assert import_history(store, EXAMPLE, by="beheer").bad == []
    service.make(store, place, key, NOW + timedelta(hours=1))
    spoil(
        owner_url,
        "entries",
        "insert into entries (escalation_id, seq, ref, action, occurred_on, recorded_at, "
        "recorded_on, import_id, content, hash) select escalation_id, seq + 1, ref || '-x', "
        "action, occurred_on, recorded_at, recorded_on, import_id, content, hash from entries "
        "where escalation_id = 'V-000002' order by seq desc limit 1",
    )
    with pytest.raises(CheckpointRefused, match=r"Voorlegging V-000002.*met een moment van ervoor"):
        service.make(store, place, key, NOW + timedelta(days=1))


def test_another_key_does_not_go_on_with_the_first(
    imported: Store, place: Depot, key: Key, tmp_path: Path
) -> None:
    service.make(imported, place, key, NOW)
    other = signing.create(tmp_path / "other.pem")
    with pytest.raises(CheckpointUnusable, match=f"maar met {key.id}"):
        service.make(imported, place, other, NOW)


def test_heads_that_are_gone_or_others_are_said(
    imported: Store, place: Depot, key: Key, tmp_path: Path
) -> None:
    made = service.make(imported, place, key, NOW)
    heads = tmp_path / "kept" / made.heads_file
    whole = heads.read_bytes()
    heads.write_bytes(whole[:-20])
    with pytest.raises(CheckpointUnusable, match="is niet te gebruiken"):
        held(imported, place, key)
    heads.unlink()
    with pytest.raises(CheckpointUnusable, match="is er niet"):
        held(imported, place, key)


def test_a_renamed_checkpoint_is_said(
    imported: Store, place: Depot, key: Key, tmp_path: Path
) -> None:
    service.make(imported, place, key, NOW)
    folder = tmp_path / "kept"
    (folder / "checkpoint-000001.json").rename(folder / "checkpoint-000009.json")
    with pytest.raises(CheckpointUnusable, match="met een ander nummer"):
        kept.newest(place)


def test_who_comes_second_has_a_conflict(imported: Store, place: Depot, key: Key) -> None:
    class Beaten:
        """A place where somebody else was just before us."""

        def names(self) -> list[str]:
            return []

        def read(self, name: str) -> bytes | None:
            return place.read(name)

        def keep(self, name: str, content: bytes) -> bool:
            return place.keep(name, content)

    service.make(imported, place, key, NOW)
    with pytest.raises(Conflict, match=r"checkpoint-000001\.json is intussen"):
        service.make(imported, Beaten(), key, NOW)


def test_the_clock_makes_one_when_it_is_due(imported: Store, place: Depot, tmp_path: Path) -> None:
    signing.create(tmp_path / "clock.pem")
    chosen = Settings(
        checkpoint_to=str(tmp_path / "kept"),
        checkpoint_key=tmp_path / "clock.pem",
        checkpoint_minutes=60,
    )
    made = [
        service.make_when_due(imported, chosen, NOW + timedelta(minutes=minutes))
        for minutes in (0, 5, 55, 60, 65, 240)
    ]
    assert made == [True, False, False, True, False, True]
    assert not service.make_when_due(imported, Settings(), NOW)


def test_a_clock_that_cannot_make_one_says_so_and_knocks_again(
    imported: Store, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    signing.create(tmp_path / "clock.pem")
    chosen = Settings(checkpoint_to=str(tmp_path / "file"), checkpoint_key=tmp_path / "clock.pem")

    def job(store: Store, now: datetime) -> object:
        return service.make_when_due(store, chosen, now)

    with pytest.raises(DepotFailed):
        job(imported, NOW)
    assert not clockwork.knock(imported, job)
    (tmp_path / "file").unlink()
    assert clockwork.knock(imported, job)


def test_one_that_is_late_is_overdue() -> None:
    hour = timedelta(hours=1)
    assert not kept.overdue(NOW, NOW + 25 * hour, minutes=24 * 60)
    assert kept.overdue(NOW, NOW + 26 * hour, minutes=24 * 60)


def test_what_was_stamped_before_and_committed_after_is_exposed_and_not_wrong() -> None:
    checkpoint = alone.Checkpoint(1, NOW, {}, "", None, "", b"", b"")
    just, long = NOW - timedelta(minutes=9), NOW - timedelta(minutes=11)
    codes = [
        [wrong.code for wrong in Held(checkpoint, {}).chain(("escalation", "V"), [entry])]
        for entry in (alone.Known(1, b"", just), alone.Known(1, b"", long))
    ]
    assert codes == [[], ["backdated"]]
