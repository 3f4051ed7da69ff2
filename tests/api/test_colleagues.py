"""Around an escalation, through the API: who takes no part, who goes on with it, who stands in."""

from tests.api.conftest import (
    ADMINISTRATOR,
    ADVISER,
    OFFICER,
    OTHER_OFFICER,
    SECRETARY,
    Api,
)
from tests.api.good import CHAIR, absence


def test_who_goes_on_with_it_is_told_to_who_may_see_people(api: Api) -> None:
    case = api.opened()
    assert api.get(OFFICER, f"/escalations/{case}").json()["holder"] == OFFICER
    assert api.get(OTHER_OFFICER, f"/escalations/{case}").status_code == 404
    assert api.get(ADMINISTRATOR, "/holders").json()["items"] == [
        {"person": OFFICER, "escalations": 1}
    ]
    gone = api.post(ADMINISTRATOR, "/hand-overs", {"giver": OFFICER, "taker": OTHER_OFFICER})
    assert gone.json() == {"giver": OFFICER, "taker": OTHER_OFFICER, "went": 1, "stayed": 0}
    shown = api.get(OTHER_OFFICER, f"/escalations/{case}").json()
    assert (shown["broughtBy"], shown["holder"]) == (OFFICER, OTHER_OFFICER)
    again = api.post(ADMINISTRATOR, "/hand-overs", {"giver": OFFICER, "taker": OTHER_OFFICER})
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_hand_over")
    theme = api.post(ADVISER, "/themes", {"name": "Wachttijd"}).json()["id"]
    tagged = api.post(OTHER_OFFICER, f"/escalations/{case}/tags", {"theme": theme}, 2)
    assert tagged.status_code == 201, tagged.text
    themed = api.get(ADVISER, f"/escalations/{case}").json()
    assert (themed["broughtBy"], themed["holder"]) == (None, None)


def test_who_is_recused_does_not_decide(api: Api) -> None:
    case = api.listed()
    path = f"/escalations/{case}/recusals"
    assert api.post(OTHER_OFFICER, path, {"person": CHAIR}).status_code == 404
    assert api.post(OFFICER, path, {"person": OFFICER}).status_code == 403
    out = api.post(SECRETARY, path, {"person": CHAIR})
    assert (out.status_code, out.headers["Location"]) == (201, f"/v1/escalations/{case}")
    capacity = {"role": "chair", "location": "Den Bosch"}
    assert out.json() == {"escalation": case, "person": CHAIR, **capacity}
    assert api.get(SECRETARY, f"/escalations/{case}").json()["recused"] == ["chair"]
    twice = api.post(SECRETARY, path, {"person": CHAIR})
    assert (twice.status_code, twice.json()["code"]) == (409, "recused_already")
    outcome = {"outcome": "decided", "ruling": "other", "reasons": "Verzonnen."}
    decided = api.post(CHAIR, f"/escalations/{case}/considerations", outcome, 3)
    assert (decided.status_code, decided.json()["code"]) == (403, "recused")


def test_a_stand_in_acts_for_who_is_away_until_they_are_back(api: Api) -> None:
    first, second = api.opened(), api.opened("Z-2")
    day = api.today.isoformat()
    made = api.post(
        SECRETARY, "/delegations", {**absence(api), "firstOn": day, "lastOn": day}
    ).json()
    assert (made["giver"], made["taker"]) == (SECRETARY, CHAIR)
    for person in (SECRETARY, CHAIR):
        assert api.get(person, "/delegations").json()["items"] == [made]
    # Only a secretary lists.
    listed = api.post(CHAIR, f"/escalations/{first}/listings", api.for_today, 2)
    assert listed.status_code == 201, listed.text
    entry = api.get(SECRETARY, f"/escalations/{first}").json()["entries"][-1]
    assert (entry["person"], entry["onBehalfOf"]) == (CHAIR, SECRETARY)
    path = f"/delegations/{made['id']}"
    assert api.ask(CHAIR, "DELETE", path).status_code == 404
    assert api.ask(SECRETARY, "DELETE", path).status_code == 200
    assert api.get(SECRETARY, path).status_code == 404
    refused = api.post(CHAIR, f"/escalations/{second}/listings", api.for_today, 2)
    assert refused.status_code in (403, 409)
    not_mine = api.post(OFFICER, "/delegations", absence(api))
    assert not_mine.status_code == 403


def test_a_colleagues_case_is_read_for_a_purpose(api: Api) -> None:
    case = api.opened("Z-inzien")
    wanted = {"case": "Z-inzien", "purpose": "related_case"}
    stated = api.post(OTHER_OFFICER, "/stated-purposes", wanted)
    assert stated.status_code == 201, stated.text
    assert stated.json() == {
        "escalations": [case],
        "purpose": "related_case",
        "statedOn": api.today.isoformat(),
    }
    assert api.get(OTHER_OFFICER, f"/escalations/{case}").status_code == 200
    assert api.post(OTHER_OFFICER, "/stated-purposes", {**wanted, "case": "Z-9"}).status_code == 404
    assert api.post(SECRETARY, "/stated-purposes", wanted).status_code == 403
    bad = api.post(OTHER_OFFICER, "/stated-purposes", {**wanted, "purpose": "nieuwsgierig"})
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (400, "purpose")
