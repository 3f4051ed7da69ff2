"""A question of Parliament in the browser: recorded, answered, and compared with today."""

import json
import re
from datetime import timedelta

from tests.api.conftest import ADVISER, OFFICER, SECRETARY
from tests.pages.conftest import Desk


def test_what_was_answered_stands_beside_what_it_would_be_today(desk: Desk) -> None:
    yesterday = (desk.today - timedelta(days=1)).isoformat()
    asked: dict[str, str | list[str]] = {
        "chamber": "senate",
        "askedOn": yesterday,
        "asked": "Hoeveel zaken behandelen de KDT's?",
        "from": yesterday,
        "until": desk.today.isoformat(),
        "measures": ["considered"],
    }
    adviser = desk.sign_in(ADVISER)
    form = adviser.get("/parliamentary-questions/new")
    pages = [adviser.send(form, "/parliamentary-questions/new", **asked) for _ in range(2)]
    assert "Nog niet beantwoord" in pages[0].main
    # Sent twice at a double click, it is one question.
    assert pages[1].path == pages[0].path
    answered = {"answer": "Geen.", "answeredOn": desk.today.isoformat(), "asOf": yesterday}
    path = re.findall(
        r"/parliamentary-questions/K-\w+", adviser.get("/parliamentary-questions").main
    )
    page = adviser.fill(f"{path[0]}/edit", **asked, **answered)
    assert page.path == path[0]
    desk.listed()
    desk.sign_in(SECRETARY).fill(desk.meeting, outcome="decided.in_favour", reasons="Verzonnen.")
    officer = desk.sign_in(OFFICER)
    page = officer.get(path[0])
    [first, *_] = re.findall(r"<tr><th scope=\"row\">.*?</tr>", page.main, re.DOTALL)
    assert re.findall(r'data-label="(Toen|Nu|Verschil)">([^<]*)<', first) == [
        ("Toen", "0"),
        ("Nu", "1"),
        ("Verschil", "+1"),
    ]
    assert "Intrekken" not in page.main
    assert officer.get(f"{path[0]}/edit").status == 403
    found = json.loads(officer.get(f"{path[0]}/cijfers.jsonstat.json").answer.text)
    assert found["value"][:3] == [0, 1, 1]
