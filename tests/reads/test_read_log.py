"""Who reads what was written of a case is logged before they see it; or they do not see it."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from kdt import words
from kdt.cases.importing import import_history
from kdt.cli import cli
from kdt.reads.service import NotLogged
from kdt.store.engine import Store
from tests.api.conftest import AUDITOR, OFFICER, OTHER_OFFICER, SECRETARY, Api
from tests.reads.conftest import log, rows

EXAMPLE = Path(__file__).parents[1] / "data" / "history-example.jsonl"
TEXT = "Verzonnen samenvatting."
MANAGER = "manager-1"


def test_each_time_a_text_is_shown_it_is_logged_who_saw_it(api: Api, owner: Engine) -> None:
    escalation = api.opened()
    assert log(owner) == []
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = api.get(
        SECRETARY,
        f"/escalations/{escalation}",
        headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"},
    )
    assert TEXT in answer.text
    (row,) = log(owner)
    assert row["who"] == SECRETARY
    assert row["whence"] == "127.0.0.1"
    assert row["trace_id"] == answer.headers["Trace-Id"] == trace
    told = {"look": "case", "result": "shown", "role": "secretary", "own": False, "purpose": None}
    assert row.items() >= told.items()
    assert row["escalation_id"] == escalation
    assert row["location"] == "Den Bosch"
    assert row["door"] == "GET /v1/escalations/{escalation}"
    assert api.get(OFFICER, f"/escalations/{escalation}/submissions").status_code == 200
    last = log(owner)[-1]
    assert (last["who"], last["own"]) == (OFFICER, True)
    assert last["door"] == "GET /v1/escalations/{escalation}/submissions"


@pytest.mark.parametrize(
    ("person", "status", "result"), [(OTHER_OFFICER, 404, "not_known"), (MANAGER, 403, "no_text")]
)
def test_who_is_refused_a_text_is_logged_too(
    api: Api, owner: Engine, person: str, status: int, result: str
) -> None:
    escalation = api.opened()
    answer = api.get(person, f"/escalations/{escalation}")
    assert answer.status_code == status
    assert TEXT not in answer.text
    (row,) = log(owner)
    assert (row["who"], row["result"], row["role"]) == (person, result, None)
    assert row["escalation_id"] == escalation
    assert rows(owner, "select * from processings where activity <> 'decide'") == []


def test_of_what_is_not_there_nothing_typed_is_kept(api: Api, owner: Engine) -> None:
    assert api.get(SECRETARY, "/escalations/Z-2022-0001").status_code == 404
    (row,) = log(owner)
    assert (row["result"], row["escalation_id"]) == ("not_there", None)
    assert "Z-2022-0001" not in str(row)


def test_acting_without_looking_reads_nothing(api: Api, owner: Engine) -> None:
    api.listed()
    assert log(owner) == []


def test_without_the_right_to_log_nothing_is_shown(api: Api, owner: Engine) -> None:
    escalation = api.opened()
    with owner.begin() as connection:
        connection.exec_driver_sql("revoke insert on reads from kdt_app")
    answer = api.get(OFFICER, f"/escalations/{escalation}")
    assert answer.status_code == 503
    assert answer.json()["detail"] == words.say("unavailable.read_log")
    assert TEXT not in answer.text
    with owner.begin() as connection:
        connection.exec_driver_sql("grant insert on reads to kdt_app")
    assert TEXT in api.get(OFFICER, f"/escalations/{escalation}").text


def test_a_database_that_dies_while_logging_shows_nothing(api: Api, owner: Engine) -> None:
    escalation = api.opened()
    with owner.begin() as connection:
        connection.exec_driver_sql("""
            create function die() returns trigger language plpgsql security definer as $$
            begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$
        """)
        connection.exec_driver_sql(
            "create trigger die before insert on read_details for each row execute function die()"
        )
    answer = api.get(OFFICER, f"/escalations/{escalation}")
    assert answer.status_code == 503
    assert answer.json()["detail"] == words.say("unavailable.read_log")
    with owner.begin() as connection:
        connection.exec_driver_sql("drop trigger die on read_details")
        connection.exec_driver_sql("drop function die")
    assert log(owner) == []
    assert TEXT in api.get(OFFICER, f"/escalations/{escalation}").text


def test_nobody_alters_a_log(api: Api, owner: Engine, store: Store) -> None:
    api.get(OFFICER, f"/escalations/{api.opened()}")
    for statement in ("update reads set role = null", "delete from processings", "truncate reads"):
        with (
            owner.connect() as connection,
            pytest.raises(Exception, match=r"append-only|referenced"),
        ):
            connection.exec_driver_sql(statement)
        with store.engine.connect() as connection, pytest.raises(Exception, match="denied"):
            connection.exec_driver_sql(statement)


def test_what_was_done_with_whose_data_is_told_without_who_did_it(api: Api, owner: Engine) -> None:
    escalation = api.opened()
    shown = api.get(AUDITOR, f"/escalations/{escalation}")
    found = rows(owner, "select * from processings order by id")
    assert [(one["name"], one["activity"]) for one in found] == [
        ("open", "decide"),
        ("submit", "decide"),
        ("case", "supervise"),
    ]
    (case,) = rows(owner, f"select case_id from escalations where id = '{escalation}'")
    assert {one["data_subject"] for one in found} == {case["case_id"]}
    assert found[-1]["trace_id"] == shown.headers["Trace-Id"] == log(owner)[-1]["trace_id"]
    assert len({one["span_id"] for one in found}) == 3
    everything = str(found)
    assert not [one for one in (OFFICER, AUDITOR, "Z-1", TEXT) if one in everything]


def test_who_takes_the_whole_record_is_logged_before_it_is_written(
    api: Api, owner: Engine, store: Store, tmp_path: Path
) -> None:
    api.opened("Z-1")
    api.opened("Z-2")
    environment = {"KDT_HOME": str(tmp_path), "KDT_DATABASE_URL": store.url}
    arguments = ["export", str(tmp_path / "uit.jsonl"), "--by", "beheerder"]
    done = CliRunner().invoke(cli, arguments, env=environment)
    assert done.exit_code == 0, done.output
    (row,) = log(owner)
    assert (row["who"], row["look"], row["door"]) == ("beheerder", "export", "kdt export")
    assert row["whence"] == "local"
    whole, *parts = rows(owner, "select * from processings where activity = 'export' order by id")
    assert (whole["data_subject"], whole["parent_span_id"]) == (None, None)
    assert {one["parent_span_id"] for one in parts} == {whole["span_id"]}
    assert {one["trace_id"] for one in (whole, *parts)} == {row["trace_id"]}
    cases = {one["id"] for one in rows(owner, "select id from cases")}
    assert {one["data_subject"] for one in parts} == cases
    with owner.begin() as connection:
        connection.exec_driver_sql("revoke insert on reads from kdt_app")
    refused = CliRunner().invoke(cli, ["export", str(tmp_path / "nee.jsonl")], env=environment)
    assert isinstance(refused.exception, NotLogged)
    assert not (tmp_path / "nee.jsonl").exists()


def test_each_case_in_an_imported_file_is_processed(store: Store, owner: Engine) -> None:
    assert import_history(store, EXAMPLE, by="beheer").bad == []
    found = rows(owner, "select * from processings")
    assert {one["activity"] for one in found} == {"import"}
    cases = {one["id"] for one in rows(owner, "select id from cases")}
    assert [one["data_subject"] for one in found].count(None) == 1
    assert {one["data_subject"] for one in found} - {None} == cases
