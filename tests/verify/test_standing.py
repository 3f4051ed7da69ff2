"""What is read of the ledger's subjects, changed behind its back: each subject is named."""

import os
import random
from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from kdt.cases import marking
from kdt.ledger.service import By
from kdt.ledger.table import FACTS, Subject
from kdt.store import cluster
from kdt.store.embedded import APPLICATION, Server
from kdt.store.engine import Store, connect
from kdt.store.metadata import metadata
from kdt.store.transaction import reading, writing
from kdt.verify import verify
from kdt.verify.folds import FOLDS
from kdt.verify.run import examine
from kdt.verify.standing import READ_ITSELF
from tests.conftest import new_database
from tests.support import assert_sound
from tests.verify import standing
from tests.verify.furnishing import furnish
from tests.verify.tampering import findings, tampering

# Of each kind: one subject a round, in as many rounds.
LEAST = 100 if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else 1


@pytest.fixture(scope="module")
def furnished(
    database_server: tuple[Server, int, str],
    template: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Store, Engine]]:
    """A record in which everything was recorded beside escalations, and full rights over it."""
    server = database_server[0]
    for name in new_database(server, template):
        url = server.url(APPLICATION, name)
        engine = connect(url)
        with Store(engine, url, engine.dispose) as store:
            furnish(store, tmp_path_factory.mktemp("files"))
            superuser = connect(server.url(cluster.SUPERUSER, name))
            yield store, superuser
            superuser.dispose()


def test_every_kind_of_fact_is_folded_or_read_from_the_ledger_itself() -> None:
    assert FOLDS.keys() | READ_ITSELF == set(Subject)
    assert not FOLDS.keys() & READ_ITSELF
    assert {kind: folds.keys() for kind, folds in FOLDS.items()} == {
        kind: facts.keys() for kind, facts in FACTS.items() if kind in FOLDS
    }


def test_what_the_facts_come_to_is_what_is_read(furnished: tuple[Store, Engine]) -> None:
    """And every kind of fact is there, so that each fold is tried."""
    store, _ = furnished
    assert [finding.sentence for finding in verify(store).findings] == []
    with reading(store) as connection:
        rows = connection.execute(text("select distinct subject, fact from ledger"))
        recorded = {(row.subject, row.fact) for row in rows}
    folded = {(kind.value, fact) for kind, facts in FOLDS.items() for fact in facts}
    assert folded - recorded == {("record", "mark_demo")}


def test_a_demonstration_is_one(store: Store) -> None:
    with writing(store) as connection:
        marking.decide(connection, By("beheer"), demo=True)
    assert_sound(store)


def test_whatever_is_changed_behind_the_ledgers_back_is_named(
    furnished: tuple[Store, Engine],
) -> None:
    """A role taken for oneself, a person let in again, a panel renamed or moved, a recusal gone: a
    row added, a row removed and every column changed, of every table."""
    _, superuser = furnished
    done = Counter(dict.fromkeys(map(str, standing.kinds()), 0))
    seed = 0
    while wanted := [kind for kind in standing.kinds() if done[str(kind)] < LEAST]:
        with tampering(superuser) as connection:
            touched = standing.tamper(connection, random.Random(seed), wanted)
            report = findings(connection)
            assert list(standing.unnamed(touched, report)) == []
            assert standing.without_reason(connection, touched, report) == set()
        done += standing.counted(touched)
        seed += 1
    assert len(done) > 80
    assert min(done.values()) >= LEAST


def test_every_table_is_compared_or_is_no_projection_of_the_ledger() -> None:
    """A table that comes is held against what was recorded, or stands here with a reason."""
    log_of_escalations = {
        "entries", "entry_people", "entry_texts", "escalations", "considerations", "theme_tags",
        "theme_repeats", "outbox", "cases", "case_numbers",
    }  # fmt: skip
    kinds = ("tally_", "stay_", "case_d", "case_m", "theme_d")
    counted = {name for name in metadata.tables if name.startswith(kinds)} | {"import_days"}
    ledger_itself = {"ledger", "ledger_people", "ledger_texts"}
    by_their_digest = {"reads", "read_details", "processings", "retention_items", "publications"}
    # Planned by the clock, and what is on it: `kdt.verify.agendas`, and entries that name one.
    planned = {"meetings", "agenda_versions", "agenda_items", "not_reached", "calendar_years"}
    # Of a moment: who is signed in, on their way or follows, what may be repeated, what is due, who
    # is to be told, and where.
    passing = {
        "sessions", "sign_ins", "feeds", "requests", "rates", "knocks", "notices", "mail_addresses",
        "publication_progress", "event_deliveries", "stays_missed",
    }  # fmt: skip
    # What is learnt of texts, and learnt again from them; what was found of counts.
    derived = {
        "similar_models", "similar_even", "similar_odd", "rising_scans", "rising_found",
        "difference_runs", "differences_found",
    }  # fmt: skip
    assert set(metadata.tables) - standing.SUBJECT_OF.keys() == (
        log_of_escalations | counted | ledger_itself | by_their_digest | planned | passing | derived
    )


@pytest.mark.parametrize(
    ("code", "tampering"),
    [
        ("agenda_first", "delete from agenda_items where version = 1 and position = 1"),
        ("agenda_first", "update agenda_items set position = position + 100 where position = 1"),
        ("agenda_step", "update agenda_items set late = 'urgent' where version = 2"),
        ("agenda_step", "update agenda_versions set reason = 'urgent' where version = 2"),
        ("agenda_step", "update agenda_versions set change = 'went' where version = 2"),
        ("agenda_number", "update meetings set version = version + 1 where version > 0"),
        ("meeting_arranged", "update meetings set status = 'planned' where status = 'cancelled'"),
        ("meeting_arranged", "update meetings set by_hand = true where not by_hand"),
        (
            "not_reached",
            "insert into not_reached select m.id, e.id from meetings m, escalations e limit 1",
        ),
    ],
)
def test_what_is_changed_of_an_agenda_is_named(
    furnished: tuple[Store, Engine], code: str, tampering: str
) -> None:
    _, superuser = furnished
    with superuser.connect() as connection:
        assert connection.execute(text(tampering)).rowcount
        found = {one.code for one in examine(connection).findings}
        connection.rollback()
    assert code in found
