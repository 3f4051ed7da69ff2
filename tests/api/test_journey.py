"""The main job through the API alone: officer, local panel, national panel, officer."""

from tests.api.conftest import NATIONAL_SECRETARY, OFFICER, SECRETARY, Api


def test_a_case_climbs_to_the_national_panel_and_comes_back(api: Api) -> None:
    escalation = api.listed()
    path = f"/escalations/{escalation}"
    for person, noun, body in (
        (
            SECRETARY,
            "considerations",
            {"outcome": "referred_up", "referral": "not_settled", "reasons": "Verzonnen."},
        ),
        (
            NATIONAL_SECRETARY,
            "listings",
            {"panel": api.national, "meetingOn": api.today.isoformat()},
        ),
        (
            NATIONAL_SECRETARY,
            "considerations",
            {"outcome": "decided", "ruling": "in_favour", "reasons": "Verzonnen antwoord."},
        ),
        (OFFICER, "follow-throughs", {"result": "carried_out"}),
    ):
        seen = api.get(person, path)
        done = api.post(person, f"{path}/{noun}", body, seen.json()["version"])
        assert done.status_code == 201, done.text
        assert done.headers["ETag"] == f'"{seen.json()["version"] + 1}"'
        assert done.headers["Location"] == f"/v1{path}"
    closed = api.get(OFFICER, path).json()
    assert closed["phase"] == "closed"
    assert closed["answers"][-1]["ruling"] == "in_favour"
    assert closed["answers"][-1]["reasons"].startswith("Verzonnen antwoord.")
    figures = api.get(
        OFFICER, "/figures", params={"from": api.today, "until": api.today, "by": "level"}
    ).json()
    assert [(row["level"], row["considered"], row["decisions"]) for row in figures["rows"]] == [
        ("local", 1, 0),
        ("national", 1, 1),
    ]


def test_what_may_be_done_is_said_with_the_reason_why_not(api: Api) -> None:
    actions = {
        one["action"]: one
        for one in api.get(OFFICER, f"/escalations/{api.opened()}").json()["actions"]
    }
    assert actions["withdraw"]["enabled"]
    assert actions["submit"]["reason"]["code"] == "not_in_phase"
    assert actions["consider"]["reason"]["detail"]
    assert actions["withdraw"]["href"].endswith("/withdrawals")


def test_a_correction_stands_beside_what_it_corrects(api: Api) -> None:
    escalation = api.opened()
    opening = api.get(OFFICER, f"/escalations/{escalation}").json()["entries"][0]
    body = {"replaces": opening["ref"], "reason": "Vergissing.", "with": {"ground": "complex"}}
    assert api.post(OFFICER, f"/escalations/{escalation}/corrections", body, 2).status_code == 201
    found = api.get(OFFICER, f"/escalations/{escalation}").json()
    assert found["ground"] == "complex"
    assert found["entries"][0]["values"]["ground"] == "buikpijn"
    assert found["entries"][0]["stands"]["ground"] == "complex"
    assert found["entries"][0]["correctedBy"] == found["entries"][2]["ref"]


def test_the_queue_and_the_agenda_are_for_who_sits_there(api: Api) -> None:
    waiting = api.opened("Z-1")
    listed = api.listed("Z-2")
    queue = api.get(SECRETARY, f"/panels/{api.local}/queue").json()["items"]
    assert {one["id"] for one in queue} == {waiting, listed}
    meeting = f"/panels/{api.local}/meetings/{api.today}"
    assert [one["id"] for one in api.get(SECRETARY, meeting).json()["listed"]] == [listed]
    assert api.get(OFFICER, meeting).status_code == 403
    assert api.get(NATIONAL_SECRETARY, f"/panels/{api.local}/queue").status_code == 403


def test_a_list_is_handed_out_in_pages_that_miss_nothing(api: Api) -> None:
    made = {api.opened(f"Z-{number}") for number in range(5)}
    found: list[str] = []
    page = api.get(OFFICER, "/escalations", params={"limit": 2, "phase": "queued"})
    while True:
        found += [one["id"] for one in page.json()["items"]]
        link = page.links.get("next")
        if link is None:
            break
        page = api.get(OFFICER, link["url"].removeprefix("/v1"))
    assert sorted(found) == sorted(made)
    assert api.get(SECRETARY, "/escalations", params={"phase": "draft"}).json()["items"] == []


def test_a_case_is_found_by_its_number_by_who_may_know(api: Api) -> None:
    escalation = api.opened("Z-77")
    asked = {"caseNumber": "Z-77"}
    found = api.post(SECRETARY, "/escalations/_search", asked).json()["items"]
    assert [one["id"] for one in found] == [escalation]
    assert api.post(NATIONAL_SECRETARY, "/escalations/_search", asked).json()["items"] == []
