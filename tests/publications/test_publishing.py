"""Publications in the record: asked for by one, made and attacked, released by another, and the
same to the byte for ever."""

import csv
import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from kdt import hashing
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases.importing import import_history
from kdt.errors import Forbidden, InvalidInput, Refused
from kdt.ledger.service import By
from kdt.publications import certifying, document, making, periods, service, sheets
from kdt.publications.commands import publish
from kdt.publications.making import How
from kdt.publications.periods import PeriodKind
from kdt.publications.queries import Asked, Made, Publication, Stage, made, publication
from kdt.publications.secret import Secret
from kdt.register.catalogue.table import of
from kdt.register.figures import Query, figures
from kdt.settings import Settings
from kdt.sheets.delimited import machine, metadata
from kdt.sheets.formats import FORMATS
from kdt.sheets.printing import document as document_on_paper
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.verify import verify
from kdt.vocabulary import Measure, Role
from tests.publications.tables import KEY
from tests.support import assert_sound

HISTORY = Path(__file__).parents[1] / "data" / "history-larger.jsonl"
ONE, OTHER = (Actor(one, Role.MANAGER) for one in ("manager-1", "manager-2"))
HOW = How(lambda: Secret(KEY), 5, 92)
JUNE = Asked(
    "considered",
    periods.of(PeriodKind.MONTH, date(2021, 6, 1)),
    date(2021, 7, 15),
    ("location",),
    True,
)


def asked(kind: PeriodKind, until: date, as_of: date, *by: str) -> Asked:
    return Asked("considered", periods.of(kind, until), as_of, by, True)


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Store:
    """Some months of an invented record, and two who may publish."""
    lines = HISTORY.read_text().splitlines(keepends=True)
    file = tmp_path / "2021.jsonl"
    file.write_text("".join(one for one in lines if _recorded(one) < "2021-08-10"))
    assert import_history(store, file, by="beheer").bad == []
    with writing(store) as connection:
        people = [Person(one.person, one.person, ((one.role, None),)) for one in (ONE, OTHER)]
        enter(connection, By("beheer"), people)
    return store


def _recorded(line: str) -> str:
    return str(json.loads(line).get("recordedAt", ""))


def prepared(store: Store, what: Asked) -> str:
    wanted = service.ask(store, ONE, what)
    making.make(store, wanted, HOW)
    return wanted


def known(store: Store, wanted: str) -> tuple[Publication, Made]:
    with reading(store) as connection:
        one, content = publication(connection, wanted), made(connection, wanted)
    assert one
    assert content
    return one, content


def released(store: Store, what: Asked) -> document.Document:
    wanted = prepared(store, what)
    _, content = known(store, wanted)
    service.release(store, OTHER, wanted, digest(store, wanted))
    return document.read(content.document)


def digest(store: Store, wanted: str) -> str:
    step = known(store, wanted)[0].step(Stage.PREPARED)
    assert step
    return str(step.values["document"])


def test_a_publication_is_asked_made_attacked_and_released_by_another(filled: Store) -> None:
    told: list[str] = []
    wanted = service.ask(filled, ONE, JUNE)
    making.make(filled, wanted, HOW, lambda step, done, of: told.append(step))
    assert list(dict.fromkeys(told)) == ["count", "round", "attack", "insiders"]
    one, content = known(filled, wanted)
    assert (one.stage, one.passed, one.asker) == (Stage.PREPARED, True, ONE.person)
    certificate = certifying.read(content.certificate)
    assert certificate.insiders == len(document.read(content.document).table.axes["location"])
    assert certificate.small > 5
    with pytest.raises(Forbidden):
        service.release(filled, ONE, wanted, digest(filled, wanted))
    with pytest.raises(Refused):
        service.release(filled, OTHER, wanted, "0" * 64)
    service.release(filled, OTHER, wanted, digest(filled, wanted))
    assert known(filled, wanted)[0].stage is Stage.RELEASED
    with pytest.raises(Refused):
        service.discard(filled, OTHER, wanted, "Toch niet.")
    assert_sound(filled)


def test_two_who_make_it_at_once_record_it_once(filled: Store) -> None:
    """As the clock does while somebody makes what they asked for."""
    wanted = service.ask(filled, ONE, JUNE)
    both = Barrier(2)

    def makes(_: int) -> None:
        met = False

        def watch(step: str, done: int, of: int) -> None:
            nonlocal met
            if step != "count" and not met:
                met = True
                both.wait(60)

        making.make(filled, wanted, HOW, watch)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(makes, range(2)))
    one, _ = known(filled, wanted)
    assert [step.fact for step in one.steps].count(Stage.PREPARED) == 1


def test_what_is_printed_is_rounded_and_what_it_rests_on_is_the_exact_figure(filled: Store) -> None:
    read = released(filled, JUNE)
    with reading(filled) as connection:
        query = Query(JUNE.period.first, JUNE.period.until, JUNE.as_of, ("location",))
        exact = {row.key[0]: row.amounts[Measure.CONSIDERED] for row in figures(connection, query)}
    for location, amount in exact.items():
        cell = ("considered", "*", location, "*", "*", "2021-06")
        assert abs(read.cells[cell] - amount) <= read.bound(cell)
    assert all(number % 5 == 0 for number in read.cells.values())
    # Also where nothing was counted there is a row.
    assert ("unresolved", "*", "Den Bosch", "*", "*", "2021-06") in read.cells
    assert {one.split(" ")[0] for one in sheets.notes(read)} >= {"Bron:", "Peildatum", "Afgerond"}


def test_it_keeps_which_definitions_it_was_made_with(filled: Store) -> None:
    content = known(filled, prepared(filled, JUNE))[1].document
    assert json.loads(content)["measures"]["considered"] == of(Measure.CONSIDERED).version
    # What was made before that was kept is still read, and written as it was.
    said = json.loads(content)
    del said["measures"]
    older = hashing.encoded({**said, "version": 1})
    assert document.written(document.read(older)) == older
    assert document.written(document.read(content)) == content


def test_nothing_is_published_of_a_figure_whose_balance_does_not_close(filled: Store) -> None:
    decided = replace(JUNE, topic="decided", by=())
    assert known(filled, prepared(filled, decided))[0].stage is Stage.PREPARED
    with writing(filled) as connection:
        # An outcome too many, which no ruling is part of.
        for part in ("months", "days", "deltas"):
            connection.execute(
                text(
                    f"update tally_{part} set n_held_over = n_held_over + 1 "
                    "where date_trunc('month', occurred_on) = date '2021-06-01'"
                )
            )
    wanted = prepared(filled, decided)
    with reading(filled) as connection:
        failed = publication(connection, wanted)
    assert failed
    assert failed.stage is Stage.FAILED


def test_it_is_the_same_to_the_byte_after_more_was_recorded(
    filled: Store, tmp_path: Path, settings_env: dict[str, str]
) -> None:
    wanted = prepared(filled, JUNE)
    service.release(filled, OTHER, wanted, digest(filled, wanted))
    record_late(filled, tmp_path)
    found = making.replayed(filled, wanted, Secret(KEY))
    assert found
    assert found[0] == found[1]
    done = CliRunner().invoke(publish, ["--replay", wanted], env=settings_env)
    assert done.exit_code == 0, done.output
    assert "tot op de byte hetzelfde" in done.stdout
    with pytest.raises(making.NotThese):
        making.replayed(filled, wanted, Secret(b"another secret of more than thirty-two bytes"))


def test_a_correction_is_a_new_publication_that_says_what_changed(
    filled: Store, tmp_path: Path
) -> None:
    first = released(filled, JUNE)
    record_late(filled, tmp_path)
    later = asked(PeriodKind.MONTH, date(2021, 6, 1), date(2024, 1, 1), "location")
    second = released(filled, later)
    assert second.basis.corrects == first.basis.id
    assert (first.basis.final, second.basis.final) == (False, True)
    moved = {cell for cell in second.cells if second.cells[cell] != first.cells[cell]}
    assert {cell for cell, _, _ in second.changes} == moved
    assert moved
    assert any(first.basis.id in note for note in sheets.notes(second))
    assert_sound(filled)


def test_later_tables_print_what_was_printed_and_are_made_again_when_overtaken(
    filled: Store,
) -> None:
    june = released(filled, JUNE)
    as_of = date(2022, 6, 1)
    waiting = prepared(filled, asked(PeriodKind.YEAR, date(2021, 12, 1), as_of, "location"))
    quarter = released(filled, asked(PeriodKind.QUARTER, date(2021, 6, 1), as_of, "location"))
    changed = {cell for cell, _, _ in quarter.changes}
    for cell, number in june.cells.items():
        assert quarter.cells[cell] == number or cell in changed
    with pytest.raises(Refused) as overtaken:
        service.release(filled, OTHER, waiting, digest(filled, waiting))
    assert overtaken.value.refusal.code is service.Code.PUBLICATION_OVERTAKEN
    service.discard(filled, ONE, waiting, "Opnieuw aanvragen.")
    year = released(filled, asked(PeriodKind.YEAR, date(2021, 12, 1), as_of, "location"))
    assert [*year.exactly.values()] == [0]
    by_level = released(filled, asked(PeriodKind.YEAR, date(2021, 12, 1), as_of, "level"))
    shared = year.cells.keys() & by_level.cells.keys()
    assert len(shared) > 50
    assert all(year.cells[cell] == by_level.cells[cell] for cell in shared)
    assert_sound(filled)


def test_what_the_attack_finds_something_in_cannot_be_released(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if more had to remain than can.
    monkeypatch.setattr(certifying, "LEAST", 6)
    wanted = prepared(filled, JUNE)
    assert not known(filled, wanted)[0].passed
    with pytest.raises(Refused) as refused:
        service.release(filled, OTHER, wanted, digest(filled, wanted))
    assert refused.value.refusal.code is service.Code.PUBLICATION_UNSAFE
    service.discard(filled, ONE, wanted, "Niet veilig.")
    assert_sound(filled)


@pytest.mark.parametrize(
    ("what", "field"),
    [
        (asked(PeriodKind.MONTH, date(2021, 6, 1), date(2021, 6, 29)), "asOf"),
        (asked(PeriodKind.MONTH, date(2021, 6, 1), date(2100, 1, 1)), "asOf"),
        (asked(PeriodKind.MONTH, date(2021, 6, 1), date(2022, 1, 1), "theme"), "by"),
        (
            asked(
                PeriodKind.MONTH, date(2021, 6, 1), date(2022, 1, 1), "level", "location", "ground"
            ),
            "by",
        ),
    ],
)
def test_what_cannot_be_published_is_refused(store: Store, what: Asked, field: str) -> None:
    with writing(store) as connection:
        enter(connection, By("beheer"), [Person(ONE.person, "Een", ())])
    with pytest.raises(InvalidInput) as refused:
        service.ask(store, ONE, what)
    assert [one.field for one in refused.value.problems] == [field]


def test_days_of_ones_own_are_refused_naming_the_nearest_period() -> None:
    with pytest.raises(InvalidInput, match="1 juni 2021 tot en met 30 juni 2021"):
        service.period_between(date(2021, 6, 3), date(2021, 6, 28))
    assert service.period_between(date(2021, 1, 1), date(2021, 3, 31)).key == "2021-01/2021-03"


def test_who_may_not_or_is_not_known_asks_nothing(store: Store) -> None:
    for actor in (Actor("chef", Role.MANAGER, "Den Bosch"), Actor("onbekend", Role.MANAGER)):
        with pytest.raises(Forbidden):
            service.ask(store, actor, JUNE)


def test_the_files_read_back_to_what_is_printed(filled: Store) -> None:
    read = document.read(known(filled, prepared(filled, JUNE))[1].document)
    assert document.written(read) == known(filled, read.basis.id)[1].document
    book = sheets.book(read)
    rows = list(csv.DictReader(io.StringIO(machine(book.main))))
    back = {
        (row["category"], "*", row["location"], "*", "*", row["period"]): int(row["number"])
        for row in rows
    }
    assert back == read.cells
    described = json.loads(metadata(book, ["cijfers.csv"]))
    names = [one["name"] for one in described["tableSchema"]["columns"]]
    assert names == [*rows[0]]
    assert {*described["tableSchema"]["primaryKey"]} <= {*names}
    printed = document_on_paper(book)
    cells = [
        int(cell.replace(".", ""))
        for part in printed.parts
        if part.rows and part.head and not part.head[0]
        for line in part.rows
        for cell in line[1:]
    ]
    assert sorted(cells) == sorted(read.cells.values())
    under = [line for part in printed.parts for line in part.lines]
    assert any("Afgerond op vijftallen" in line for line in under)
    assert "Status: voorlopig" in printed.lead


def test_the_command_makes_one_and_shows_it(
    filled: Store, settings_env: dict[str, str], tmp_path: Path
) -> None:
    given = "new --until 2021-06-30 --as-of 2021-07-15 --by location --who manager-1"
    done = CliRunner().invoke(publish, given.split(), env=settings_env)
    assert done.exit_code == 0, done.output
    assert "Behandelingen naar uitkomst, juni 2021 (voorlopig)" in done.stdout
    assert "Afgerond op vijftallen" in done.stdout
    listed = CliRunner().invoke(publish, ["list"], env=settings_env)
    wanted = listed.stdout.split("\t")[0]
    assert "wacht op vrijgave" in listed.stdout
    sheet = CliRunner().invoke(publish, ["show", wanted, "--format", "csv"], env=settings_env)
    assert sheet.stdout.splitlines()[0] == "location,category,period,number,bound"
    for ending in FORMATS:
        file = tmp_path / f"cijfers.{ending}"
        CliRunner().invoke(publish, ["show", wanted, "--out", str(file)], env=settings_env)
        with reading(filled) as connection:
            content = made(connection, wanted)
        assert content
        expected = FORMATS[ending].write(sheets.book(document.read(content.document)))
        assert file.read_bytes() == expected
    other = ["show", wanted, "--out", str(tmp_path / "cijfers.doc")]
    odd = CliRunner().invoke(publish, other, env=settings_env)
    assert "cijfers.doc" in str(odd.exception)
    unlike = CliRunner().invoke(publish, [*given.split()[:-1], "niemand"], env=settings_env)
    assert isinstance(unlike.exception, Forbidden)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        ("update publications set document = document || 'x'", "publication_bytes"),
        ("delete from publications", "publication_bytes"),
        (
            "update ledger_people set person = 'manager-2' where subject = 'publication'",
            "publication_alone",
        ),
        (
            # Nested so deep that no reader comes to the end of it.
            """alter table ledger disable trigger all;
            update ledger set content = convert_to(repeat('[', 100000), 'UTF8')
            where subject = 'publication' and fact = 'ask'""",
            "unreadable",
        ),
    ],
)
def test_the_verifier_names_what_was_changed_of_a_publication(
    filled: Store, superuser_of: Engine, spoil: str, code: str
) -> None:
    released(filled, JUNE)
    with superuser_of.begin() as connection:
        connection.execute(text("set local session_replication_role = replica"))
        connection.execute(text("alter table publications disable trigger all"))
        connection.execute(text(spoil))
        connection.execute(
            text("alter table publications enable always trigger publications_append_only")
        )
    assert code in {finding.code for finding in verify(filled).findings}


def test_the_clock_makes_what_waits_once(filled: Store) -> None:
    wanted = service.ask(filled, ONE, JUNE)
    assert making.carry_out(filled, HOW) == 1
    assert making.carry_out(filled, HOW) == 0
    assert known(filled, wanted)[0].stage is Stage.PREPARED


@pytest.fixture
def settings_env(
    filled: Store, server_settings: object, database: str, tmp_path: Path
) -> dict[str, str]:
    """The same record for a command, with the same secret."""
    assert callable(server_settings)
    chosen: Settings = server_settings(database)
    file = tmp_path / "publication.key"
    file.write_bytes(KEY)
    return {
        "KDT_HOME": str(chosen.home),
        "KDT_DATABASE_URL": str(chosen.database_url),
        "KDT_PUBLICATION_KEY": str(file),
    }


@pytest.fixture
def superuser_of(owner_url: str, database_server: object, database: str) -> Iterator[Engine]:
    """Full rights over the same record."""
    from kdt.store import cluster
    from kdt.store.engine import connect

    assert isinstance(database_server, tuple)
    engine = connect(database_server[0].url(cluster.SUPERUSER, database))
    yield engine
    engine.dispose()


def record_late(store: Store, folder: Path) -> None:
    """Record in 2023 what was considered in June 2021 at Den Bosch."""
    lines: list[dict[str, object]] = [{"kind": "history", "version": 2}]
    day = "2021-06-15"
    for number in range(12):
        one = f"V-laat-{number}"
        steps: list[dict[str, object]] = [
            {
                "action": "open",
                "case": f"Z-laat-{number}",
                "location": "Den Bosch",
                "question": "decision",
                "ground": "other",
            },
            {"action": "submit"},
            {"action": "list", "panel": "kdt-den-bosch", "meetingOn": day},
            {"action": "consider", "outcome": "held_over", "reasons": "Verzonnen."},
        ]
        for at, step in enumerate(steps):
            officer = at < 2
            lines.append(
                {
                    "ref": f"laat-{number}-{at}",
                    "recordedAt": f"2023-03-01T10:{number:02}:{at:02}+01:00",
                    "occurredOn": day,
                    "actor": "medewerker-9" if officer else "secretaris-9",
                    "role": "officer" if officer else "secretary",
                    "escalation": one,
                    **step,
                }
            )
    file = folder / "laat.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    report = import_history(store, file, by="beheer")
    assert report.bad == [], report.bad[:3]
