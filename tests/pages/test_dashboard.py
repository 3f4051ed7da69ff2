"""The dashboard: figures, lead times and rode draden on one page, narrowed by its address."""

import re

from api.pages.comparison_views import comparison
from api.pages.rendering import capital
from kdt.register.catalogue.table import CATALOGUE
from kdt.register.comparing import Basis
from kdt.register.funnel import funnel
from tests.api.conftest import OFFICER, SECRETARY
from tests.pages.conftest import Desk, Page

MANAGER = "manager-1"
_ROW = r'<th scope="row">(?:<a href="([^"]*)">)?([^<]*)(?:</a>)?</th>(.*?)</tr>'


def rows(page: Page, caption: str) -> dict[str, list[str]]:
    """What a table tells, by row."""
    table = page.main.partition(f'<caption id="{caption}">')[2].partition("</table>")[0]
    return {
        label: re.findall(r'numeric">([^<]*)<', cells)
        for _, label, cells in re.findall(_ROW, table, re.DOTALL)
    }


def worked(desk: Desk) -> None:
    """Of three cases one is decided, one held over, and one waits for the national KDT."""
    for number, outcome in enumerate(("decided.in_favour", "held_over", "referred_up.not_settled")):
        desk.listed(f"Z-{number}")
        page = desk.sign_in(SECRETARY).fill(desk.meeting, outcome=outcome, reasons="Verzonnen.")
        assert page.status == 200


def test_it_tells_what_waits_came_went_and_was_done_by_each_dimension(desk: Desk) -> None:
    worked(desk)
    page = desk.sign_in(MANAGER).get("/dashboard")
    found = rows(page, "table-caption")
    # Start, in, out, end; considered, decisions, held over, unresolved.
    assert found["Alles samen"] == ["0", "5", "3", "2", "3", "1", "1", "0"]
    assert found["Lokaal KDT"] == ["0", "4", "3", "1", "3", "1", "1", "0"]
    assert found["Landelijk KDT"] == ["0", "1", "0", "1", "0", "0", "0", "0"]
    assert found["Den Bosch"] == found["Besluit"] == found["Buikpijnzaak"] == found["Alles samen"]
    assert "Z-0" not in page.text


def test_a_row_leads_to_the_page_narrowed_to_it(desk: Desk) -> None:
    worked(desk)
    manager = desk.sign_in(MANAGER)
    start = manager.get("/dashboard?show=heldOver")
    table = start.main.partition('<caption id="table-caption">')[2]
    hrefs = {label: href for href, label, _ in re.findall(_ROW, table, re.DOTALL)}
    page = manager.get(hrefs["Landelijk KDT"])
    assert (
        rows(page, "table-caption")["Alles samen"] == rows(start, "table-caption")["Landelijk KDT"]
    )
    assert "alleen: Landelijk KDT" in page.main
    # What was asked before is kept, and shown in the form.
    assert re.search(r'value="national" selected', page.main)
    assert re.search(r'value="heldOver" selected', page.main)
    inner = manager.get(hrefs["Landelijk KDT"] + "&ground=complex")
    assert rows(inner, "table-caption")["Alles samen"] == ["0"] * 8


def test_what_stands_wrong_in_the_address_is_said_or_ignored(desk: Desk) -> None:
    manager = desk.sign_in(MANAGER)
    page = manager.get("/dashboard?from=2026-02-01&until=2026-01-01&level=local")
    assert "De laatste dag ligt voor de eerste" in page.main
    assert "Vraagt nu aandacht" in page.main
    assert "Doorlooptijden" not in page.main
    for day in ("0001-01-01", "9999-12-31"):
        for name in ("from", "until", "asOf"):
            assert manager.get(f"/dashboard?{name}={day}").status == 200
    page = manager.get("/dashboard?level=wereld&location=Nergens&show=alles")
    assert page.status == 200
    assert "alleen:" not in page.main


def test_a_record_without_a_case_says_so_in_each_part(desk: Desk) -> None:
    page = desk.sign_in(MANAGER).get("/dashboard")
    assert "Niets bijzonders" in page.main
    assert rows(page, "table-caption")["Alles samen"] == ["0"] * 8
    assert "kwam tot en met gisteren niets binnen" in page.main
    assert "Geen rode draad komt vaker voor dan anders." in page.main


def test_lead_times_are_followed_up_to_the_reference_date(desk: Desk) -> None:
    worked(desk)
    manager = desk.sign_in(MANAGER)
    assert "kwam tot en met gisteren niets binnen" in manager.get("/dashboard").main
    page = manager.get(f"/dashboard?asOf={desk.today}")
    assert rows(page, "pace-caption")["Den Bosch"][:2] == ["3", "2"]
    assert rows(page, "pace-caption")["Landelijk KDT"][:2] == ["1", "1"]
    # What its headings tell is told by the catalogue.
    told = CATALOGUE["answeredInTime"]
    assert f'<th scope="col" class="numeric">{capital(told.name)}</th>' in page.main
    assert f'<a href="/measures/{told.id}">' in page.main
    assert f"Binnen {told.within} werkdagen" in page.main


def test_only_what_asks_for_attention_at_the_level_and_location_is_said(desk: Desk) -> None:
    desk.brought("Z-late", decideBy=desk.today.replace(year=desk.today.year - 1).isoformat())
    manager = desk.sign_in(MANAGER)
    said = "1 zaak is over de uiterste beslisdatum heen (lokaal KDT): Den Bosch 1."
    assert said in manager.get("/dashboard?level=local&location=Den+Bosch").main
    assert said not in manager.get("/dashboard?level=national").main


def test_management_is_led_there_and_whoever_sees_figures_may_look(desk: Desk) -> None:
    assert 'href="/dashboard"' in desk.sign_in(MANAGER).get("/").main
    assert desk.sign_in(OFFICER).get("/dashboard").status == 200


def test_one_location_is_compared_with_nothing(desk: Desk) -> None:
    worked(desk)
    manager = desk.sign_in(MANAGER)
    page = manager.get("/dashboard?compare=referredUp")
    assert "nog geen twee locaties" in page.main
    answer = manager.get(f"/v1/location-comparison?from={desk.today}&until={desk.today}").answer
    assert answer.json()["locations"] == []


def test_what_lies_outside_is_named_as_a_reason_to_look_and_drawn_with_the_rest() -> None:
    counts = {"Budel": (300, 1000), "Ede": (310, 1000), "Gilze": (290, 1000), "Zwolle": (24, 40)}
    found = funnel(counts)
    assert found is not None
    shown = comparison(Basis.HELD_OVER, found, str)
    outside = [one.label for one in shown.rows if one.outside]
    assert outside == ["Zwolle"]
    assert "Zwolle (hoger)" in " ".join(shown.said)
    assert "geen oordeel en geen ranglijst" in shown.said[-1]
    assert all(f">{place}</text>" in shown.svg for place in counts)
