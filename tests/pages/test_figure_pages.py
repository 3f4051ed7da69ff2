"""Figures and the Senate's answers on a page, and in the files one takes away."""

import csv
import json
import re
from datetime import timedelta
from html import unescape
from io import StringIO

import pytest

from kdt.register import answering, answers, over_time
from kdt.register.catalogue.table import CATALOGUE
from kdt.register.figures import Query, as_json, figures
from kdt.sheets.formats import FORMATS
from kdt.store.engine import Store
from kdt.store.transaction import reading
from tests.api.conftest import ADMINISTRATOR, OFFICER, OTHER_OFFICER, SECRETARY
from tests.pages.conftest import DILEMMA, Desk, Page

MANAGER = "manager-1"
# In a cell, whether or not it leads to what is behind it.
_NUMBER = r"numeric\">(?:<strong>)?(?:<a [^>]*>)?([\d.]+)"


def decided(desk: Desk) -> None:
    """One case decided today by the panel of Den Bosch."""
    desk.listed()
    desk.sign_in(SECRETARY).fill(desk.meeting, outcome="decided.in_favour", reasons="Verzonnen.")


def amounts(page: Page) -> dict[str, list[str]]:
    """The amounts in the table by measure."""
    rows = re.findall(r'<a href="#def-(\w+)">[^<]*</a></th>(.*?)</tr>', page.main, re.DOTALL)
    return {measure: re.findall(_NUMBER, row) for measure, row in rows}


def test_what_a_panel_decided_today_stands_in_the_figures(desk: Desk) -> None:
    decided(desk)
    found = amounts(desk.sign_in(MANAGER).get("/figures"))
    assert found["considered"] == found["casesHandled"] == found["decisionsInFavour"] == ["1"]
    assert found["unresolved"] == found["stockEnd"] == ["0"]


def test_every_measure_in_the_table_is_defined_below_it(desk: Desk) -> None:
    decided(desk)
    page = desk.sign_in(MANAGER).get("/figures")
    assert set(re.findall(r'<dt id="def-(\w+)">', page.main)) == set(amounts(page))


def test_every_figure_leads_to_its_rules_and_an_example_one_can_count(desk: Desk) -> None:
    decided(desk)
    manager = desk.sign_in(MANAGER)
    figures_page = manager.get("/figures")
    catalogue = manager.get("/measures")
    for one in CATALOGUE.values():
        assert one.question in catalogue.main
        assert f'href="/measures/{one.id}"' in catalogue.main
    assert 'href="/measures/casesHandled"' in figures_page.main
    page = manager.get("/measures/casesHandled")
    assert CATALOGUE["casesHandled"].meaning in page.main
    said = re.findall(r"<strong>(\d+)</strong>", page.main)
    assert said == [str(ask.answer) for ask in CATALOGUE["casesHandled"].example.asks]
    assert "Behandelen, aangehouden" in page.main
    assert manager.get("/measures/geraden").status == 404


def test_a_divided_table_has_a_total_and_warns_where_rows_do_not_add_up(desk: Desk) -> None:
    decided(desk)
    desk.listed("Z-2")
    secretary = desk.sign_in(SECRETARY)
    secretary.fill(desk.meeting, outcome="referred_up.not_settled", reasons="Verzonnen.")
    page = desk.sign_in(MANAGER).get("/figures?by=level")
    assert amounts(page)["referred"] == ["2", "1", "3"]
    assert amounts(page)["stockEnd"] == ["0", "1", "1"]
    assert "telt niet op" in page.main
    assert "Sluit niet" not in page.main


def test_behind_a_number_stand_exactly_so_many_and_no_text(desk: Desk) -> None:
    decided(desk)
    desk.listed("Z-2")
    desk.sign_in(SECRETARY).fill(
        desk.meeting, outcome="referred_up.not_settled", reasons="Verzonnen."
    )
    manager = desk.sign_in(MANAGER)
    page = manager.get("/figures?by=level")
    links = re.findall(r'<a href="(/figures/\w+\?[^"]*)">([\d.]+)</a>', page.main)
    assert len(links) > 10
    for href, number in links:
        behind = manager.get(unescape(href))
        assert behind.main.count('<tr><th scope="row">') == int(number), href
        assert f": {number}</h1>" in behind.main
        assert "Z-2" not in behind.main
        assert DILEMMA not in behind.main
    # Whoever knows of some alone is told how many there are, and shown those.
    nothing = desk.sign_in(ADMINISTRATOR).get(unescape(links[0][0]))
    assert "U ziet er 0" in nothing.main
    assert "V-" not in nothing.main
    assert 'href="/figures/' not in desk.sign_in(ADMINISTRATOR).get("/figures").main
    assert manager.get("/figures/geraden").status == 404
    assert manager.get("/figures/considered?level=local&period=ooit&per=day").status == 404
    assert manager.get("/figures/entered?by=outcome&outcome=held_over").status == 404
    for dimension in ("level", "location", "question", "ground"):
        empty = manager.get(f"/figures/considered?by={dimension}&{dimension}=")
        assert ": 0</h1>" in empty.main


def test_of_a_case_handled_twice_each_officer_is_told_of_their_own_escalation_alone(
    desk: Desk,
) -> None:
    paths = {}
    for officer in (OFFICER, OTHER_OFFICER):
        paths[officer] = desk.listed(by=officer)
        desk.sign_in(SECRETARY).fill(
            desk.meeting, outcome="decided.in_favour", reasons="Verzonnen."
        )
    for officer, path in paths.items():
        behind = desk.sign_in(officer).get("/figures/casesHandled").main
        assert ": 1</h1>" in behind
        assert re.findall(r"V-\w+(?=</a></th>)", behind) == [path.rpartition("/")[2]]
        assert "en nog" not in behind
    whole = desk.sign_in(MANAGER).get("/figures/casesHandled").main
    assert ": 1</h1>" in whole
    assert whole.count('<tr><th scope="row">') == 1
    assert "en nog 1 keer" in whole


def test_figures_by_month_by_outcome_and_of_some_escalations_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided(desk)
    manager = desk.sign_in(MANAGER)
    page = manager.get("/figures?by=outcome&per=month&onlyGround=buikpijn")
    month = f"{desk.today:%Y-%m}"
    assert f'<th scope="row">{month}, besloten</th>' in page.main
    assert "telt niet op" in page.main
    assert "1 = 1" in page.main
    assert "Alle rijen samen = behandeld" in page.main
    whole = manager.get("/figures?by=location&per=month").main
    assert "Alles sluit" in whole
    assert "0 + 1 - 1 = 0" in whole
    assert "In deze periode is niets geteld" in manager.get("/figures?onlyGround=complex").main
    unruled = manager.get("/figures?by=theme")
    assert "Geen rode draad" in unruled.main
    answer = manager.get("/figures.csv?by=outcome&per=month&onlyGround=buikpijn").answer
    [row] = csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert (row["periode"], row["uitkomst"], row["behandeld"]) == (month, "besloten", "1")
    assert row["Alleen aanleiding"] == "buikpijnzaak"
    for ending in ("pdf", "ods", "jsonstat.json", "csvw.zip"):
        taken = manager.get(f"/figures.{ending}?by=theme&per=week&onlyGround=buikpijn")
        assert taken.status == 200
    too_long = manager.get("/figures?from=1990-01-01&per=day")
    assert "te veel stukken" in too_long.main
    # So are too many rows, which only the record can tell.
    with monkeypatch.context() as patched:
        patched.setattr(over_time, "MOST", 0)
        assert "te veel stukken" in manager.get("/figures?per=month").main
        sent = manager.get("/figures.csv?per=month")
        assert sent.path == "/figures?per=month"
        assert "te veel stukken" in sent.main


def test_a_revision_says_what_came_and_leads_to_it(desk: Desk) -> None:
    decided(desk)
    yesterday = desk.today - timedelta(days=1)
    manager = desk.sign_in(MANAGER)
    asked = f"from={desk.today}&until={desk.today}&since={yesterday}"
    page = manager.get(f"/revisions?{asked}")
    assert "Sluit niet" not in page.main
    assert '<td class="numeric">+1</td>' in page.main
    (href,) = re.findall(r'<a href="(/revisions/considered\?[^"]*)">', page.main)
    behind = manager.get(unescape(href))
    assert behind.main.count('<tr><th scope="row">') == 1
    assert "Erbij: later vastgelegd" in behind.main
    assert "Kies een dag voor" in manager.get(f"/revisions?{asked}&asOf={yesterday}").main
    # Nothing was revised is said of two days that were compared, and of nothing else.
    before = yesterday - timedelta(days=1)
    compared = manager.get(f"/revisions?from={before}&until={before}&since={yesterday}").main
    assert "is niets herzien" in compared
    undated = manager.get(f"/revisions?from={desk.today}&until={desk.today}&asOf={desk.today}").main
    assert "is niets herzien" not in undated
    assert "Kies een vorige peildatum" in undated
    assert manager.get(f"/revisions/considered?{asked}&by=level&level=").status == 200


def test_a_day_to_come_is_provisional_and_a_past_one_is_not(desk: Desk) -> None:
    decided(desk)
    manager = desk.sign_in(MANAGER)
    assert "Voorlopig" in manager.get("/figures").main
    assert "Voorlopig" in manager.get(f"/figures?asOf={desk.today}").main
    yesterday = desk.today - timedelta(days=1)
    assert "Voorlopig" not in manager.get(f"/answers?asOf={yesterday}").main


def test_the_file_for_programs_is_what_the_command_line_prints(desk: Desk, store: Store) -> None:
    decided(desk)
    asked = f"from={desk.today}&until={desk.today}&by=level&by=location"
    answer = desk.sign_in(MANAGER).get(f"/figures.json?{asked}").answer
    query = Query(desk.today, desk.today, by=("level", "location"))
    with reading(store) as connection:
        expected = as_json(query, figures(connection, query), today=desk.today)
    assert json.loads(answer.text) == {**expected, "demo": True}
    assert "attachment" in answer.headers["content-disposition"]


def test_the_file_for_a_spreadsheet_is_dutch_and_says_it_is_an_example(desk: Desk) -> None:
    decided(desk)
    answer = desk.sign_in(MANAGER).get("/figures.csv?by=location").answer
    assert answer.content.startswith(b"\xef\xbb\xbf")
    [row] = csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert (row["locatie"], row["behandeld"]) == ("Den Bosch", "1")
    assert (row["status"], row["gegevens"]) == ("voorlopig", "verzonnen voorbeeld")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("from=2026-01-02&until=2026-01-01", "De laatste dag ligt voor de eerste"),
        ("asOf=2999-01-01", "De peildatum ligt in de toekomst"),
        ("from=gisteren", "Schrijf dit als een datum"),
    ],
)
def test_a_question_that_cannot_be_asked_is_said_at_its_field_and_kept(
    desk: Desk, asked: str, sentence: str
) -> None:
    manager = desk.sign_in(MANAGER)
    for path in ("/figures", "/answers", "/themes"):
        page = manager.get(f"{path}?{asked}")
        typed = re.findall(r'name="(\w+)" value="([^"]*)" aria-invalid="true"', page.main)
        assert len(typed) == 1
        assert "{}={}".format(*typed[0]) in asked
        assert page.main.count(sentence) == 2


def test_a_file_for_a_question_that_cannot_be_asked_leads_to_the_page_that_says_so(
    desk: Desk,
) -> None:
    page = desk.sign_in(MANAGER).get("/figures.csv?from=2026-01-02&until=2026-01-01")
    assert page.path.startswith("/figures?")
    assert "De laatste dag ligt voor de eerste" in page.main


@pytest.mark.parametrize("value", ["%00", "%01", "nergens", "x" * 300])
def test_a_filter_with_a_value_there_is_none_of_says_so(desk: Desk, value: str) -> None:
    manager = desk.sign_in(MANAGER)
    for one in ("Location", "Question", "Ground", "Theme"):
        page = manager.get(f"/figures?only{one}={value}")
        assert page.main.count("Deze keuze is niet bekend") == 2
        assert f'name="only{one}" aria-invalid="true"' in page.main
        assert manager.get(f"/figures/considered?only{one}={value}").status == 404
        for ending in ("json", "csv"):
            assert manager.get(f"/figures.{ending}?only{one}={value}").main == page.main
    assert manager.get(f"/figures/considered?by=location&location={value}").status == 404
    for one in ("level", "location", "question", "ground"):
        page = manager.get(f"/dashboard?{one}={value}")
        assert page.main.count("Deze keuze is niet bekend") == 2
        assert "Wachtrij en werk" not in page.main


def test_the_first_and_the_last_day_there_is_can_be_asked_for(desk: Desk) -> None:
    decided(desk)
    manager = desk.sign_in(MANAGER)
    for asked in ("from=0001-01-01&until=9999-12-31", "until=0001-01-01"):
        assert manager.get(f"/figures?{asked}").status == 200


def test_a_period_without_anything_says_so(desk: Desk) -> None:
    page = desk.sign_in(MANAGER).get("/figures?from=2001-01-01&until=2001-12-31")
    assert "In deze periode is niets geteld" in page.main


def test_the_answers_stand_beside_what_was_answered_then(desk: Desk, store: Store) -> None:
    decided(desk)
    manager = desk.sign_in(MANAGER)
    page = manager.get("/answers")
    assert "Nee, dit wordt niet geregistreerd in de automatische systemen van de IND." in page.main
    assert "behandelden 1 zaak in 1 behandeling (" in page.main
    assert "geen besluit in de zin van de Algemene wet bestuursrecht" in page.main
    assert "Nog niet geregistreerd" in page.main
    with reading(store) as connection:
        query = answers.question(None, None, None, today=desk.today)
        found = answers.answers(connection, query, today=desk.today)
        expected = answering.as_text(found, today=desk.today)
    assert manager.get("/answers.txt").answer.text == expected + "\n"


def test_what_was_not_registered_yet_is_said_to_be_so_and_since_when_it_is(desk: Desk) -> None:
    decided(desk)
    manager = desk.sign_in(MANAGER)
    before = "from=2001-01-01&until=2001-12-31"
    page = manager.get(f"/answers?{before}")
    assert "In deze periode niet geregistreerd; dat gebeurt sinds" in page.main
    assert "behandelden 0" not in page.main
    found = json.loads(manager.get(f"/answers.json?{before}").answer.text)
    assert [one["registered"] for one in found["answers"]] == [False] * 8
    assert {each["amount"] for one in found["answers"] for each in one["numbers"]} == {None}
    rows = csv.DictReader(
        StringIO(manager.get(f"/answers.csv?{before}").answer.content.decode("utf-8-sig")),
        delimiter=";",
    )
    assert {(row["aantal"], row["status"]) for row in rows} == {("", "niet geregistreerd")}


@pytest.mark.parametrize("ending", [*FORMATS])
def test_figures_and_answers_are_two_clicks_from_the_start_in_every_format(
    desk: Desk, ending: str
) -> None:
    decided(desk)
    manager = desk.sign_in(MANAGER)
    for path in ("/figures", "/answers"):
        page = manager.get(path)
        [href] = re.findall(rf'href="({path}\.{re.escape(ending)}\?[^"]*)"', page.main)
        answer = manager.get(unescape(href)).answer
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(FORMATS[ending].media_type)
        assert f".{ending}" in answer.headers["content-disposition"]
        assert len(answer.content) > 200


def test_the_start_page_counts_what_waits_too_long_and_names_no_case(desk: Desk) -> None:
    desk.brought("Z-late", decideBy=(desk.today - timedelta(days=1)).isoformat())
    page = desk.sign_in(MANAGER).get("/")
    assert "1 zaak is over de uiterste beslisdatum heen (lokaal KDT): Den Bosch 1." in page.main
    assert "Z-late" not in page.text


def test_lead_times_stand_beside_the_figures_each_line_explained(desk: Desk) -> None:
    decided(desk)
    desk.listed("Z-2")
    manager = desk.sign_in(MANAGER)
    assert "/lead-times?from=" in manager.get("/figures").main
    page = manager.get("/lead-times?unit=days&by=level")
    found = dict(
        re.findall(
            r'<a href="#def-\w+">([^<]*)</a></th><td class="numeric">(?:<a [^>]*>)?([^<]*)',
            page.main,
        )
    )
    assert (found["Binnengekomen"], found["Beantwoord"], found["Nog open"]) == ("2", "1", "1")
    assert found["De helft beantwoord na"].startswith("0 dagen")
    assert found["Negen van de tien beantwoord na"].startswith("nog niet bereikt")
    assert "<svg" in page.main
    links = re.findall(r'<a href="(/figures/leadTime\w+\?[^"]*)">(\d+)</a>', page.main)
    assert len(links) == 3
    for href, number in links:
        behind = manager.get(unescape(href)).main
        assert behind.count('<tr><th scope="row">') == int(number)
        assert 'href="/lead-times?' in behind
    explained = set(re.findall(r'<dt id="def-(\w+)">', page.main))
    assert set(re.findall(r'href="#def-(\w+)"', page.main)) <= explained


def test_lead_times_say_what_is_wrong_with_a_question(desk: Desk) -> None:
    manager = desk.sign_in(MANAGER)
    page = manager.get("/lead-times?from=2026-02-01&until=2026-01-01&unit=weken")
    assert "De laatste dag ligt voor de eerste" in page.main
    assert "kwam niets binnen" in manager.get("/lead-times").main
