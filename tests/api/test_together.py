"""Several requests at one moment: one effect each, and a clear answer for who came second."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.api.conftest import OFFICER, SECRETARY, Api

CHAIR = "chair-den-bosch"
DECIDED = {"outcome": "decided", "ruling": "in_favour", "reasons": "Verzonnen."}
OPENED = {"case": "Z-9", "location": "Den Bosch", "question": "decision", "ground": "complex"}


def at_once(
    *asking: "tuple[Api, str, str, object, int | None, str | None]",
) -> list[httpx.Response]:
    """Send all requests together."""

    def send(one: tuple[Api, str, str, object, int | None, str | None]) -> httpx.Response:
        api, person, path, body, version, key = one
        headers = {} if key is None else {"Idempotency-Key": key}
        return api.post(person, path, body, version, headers=headers)

    with ThreadPoolExecutor(len(asking)) as pool:
        return list(pool.map(send, asking))


def test_two_people_at_once_one_succeeds_and_the_other_hears_so(api: Api) -> None:
    path = f"/escalations/{api.listed()}"
    answers = at_once(
        (api, SECRETARY, f"{path}/considerations", DECIDED, 3, None),
        (api, CHAIR, f"{path}/considerations", {**DECIDED, "ruling": "against"}, 3, None),
    )
    assert Counter(one.status_code for one in answers) == {201: 1, 412: 1}
    lost = next(one for one in answers if one.status_code == 412)
    assert lost.json()["code"] == "stale_version"
    assert len(api.get(SECRETARY, f"{path}/considerations").json()["items"]) == 1


def test_a_repeat_with_the_same_key_has_one_effect_and_the_same_answer(api: Api) -> None:
    answers = at_once(*[(api, OFFICER, "/escalations", OPENED, None, "sleutel-1")] * 4)
    assert {one.status_code for one in answers} == {201}
    assert len({one.text for one in answers}) == 1
    assert len({one.headers["ETag"] for one in answers}) == 1
    assert len(api.get(OFFICER, "/escalations").json()["items"]) == 1


def test_a_repeated_action_has_one_effect_though_the_version_moved_on(api: Api) -> None:
    path = f"/escalations/{api.listed()}/considerations"
    answers = at_once(*[(api, SECRETARY, path, DECIDED, 3, "sleutel-2")] * 2)
    assert {one.status_code for one in answers} == {201}
    assert answers[0].json() == answers[1].json()
    assert len(api.get(SECRETARY, path).json()["items"]) == 1


def test_a_key_is_for_one_request_of_one_person(api: Api) -> None:
    first = api.post(OFFICER, "/escalations", OPENED, headers={"Idempotency-Key": "k"})
    other = api.post(
        OFFICER, "/escalations", {**OPENED, "case": "Z-10"}, headers={"Idempotency-Key": "k"}
    )
    somebody = api.post(
        "officer-den-bosch-2", "/escalations", OPENED, headers={"Idempotency-Key": "k"}
    )
    assert (first.status_code, other.status_code, somebody.status_code) == (201, 409, 201)
    assert first.json()["escalation"] != somebody.json()["escalation"]


def test_without_a_key_a_repeat_is_another_request(api: Api) -> None:
    answers = at_once(*[(api, OFFICER, "/escalations", OPENED, None, None)] * 2)
    assert len({one.json()["escalation"] for one in answers}) == 2
