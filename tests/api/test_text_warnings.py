"""A program is told with its receipt what a text seems to hold of a person."""

from kdt import words
from kdt.personal import Kind
from tests.api.conftest import OFFICER, Api

TEXT = "Bel 06-12345678."
PHONE = words.personal([Kind.PHONE])


def test_a_program_is_told_with_its_receipt(api: Api) -> None:
    body = {
        "case": "Z-1", "location": "Den Bosch", "question": "decision", "ground": "other",
        "summary": TEXT, "submit": True,
    }  # fmt: skip
    answer = api.post(OFFICER, "/escalations", body)
    assert answer.status_code == 201
    assert answer.json()["warnings"] == [{"field": "summary", "code": "phone", "detail": PHONE}]
    path = f"/escalations/{answer.json()['escalation']}/withdrawals"
    assert api.post(OFFICER, path, {"reason": "Verzonnen."}, 2).json()["warnings"] == []
