"""The example year is legal, lives on its last day, and shows all that KDT can record."""

from collections import Counter
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from kdt.clock import last_sunday
from kdt.demo.generator import generate
from kdt.demo.people import EXAMPLE_PEOPLE
from kdt.demo.places import PLACES, Place
from kdt.demo.workdays import national_meeting
from kdt.differences.chance import Answered, compared, told
from kdt.rising.scan import Seen, rises
from kdt.workdays import PROPOSED
from tests.demo.year import END, NOW, example, judged
from tests.oracle.figures import figures

ROLES = {"officer", "member", "secretary", "chair"}
ROLES |= {"policy_adviser", "manager", "administrator", "auditor"}


def test_every_line_is_legal() -> None:
    assert example().history.bad == []


@pytest.mark.parametrize("end", [date(2026, 11, 26), date(2026, 11, 28), date(2027, 1, 1)])
def test_a_year_may_end_on_a_meeting_day_a_weekend_or_a_holiday(end: date) -> None:
    now = datetime.combine(end, NOW.timetz())
    year = judged(list(generate(end, now, seed=3, escalations=400)), now)
    assert year.history.bad == []
    assert min(len(year.steps), len(year.actions("consider"))) > 350


def test_the_same_seed_and_end_give_the_same_lines_and_now_only_cuts_them_off() -> None:
    whole = list(generate(END, NOW, escalations=300))
    earlier = list(generate(END, NOW - timedelta(days=40), escalations=300))
    assert list(generate(END, NOW, escalations=300)) == whole
    assert list(generate(END, NOW, seed=2, escalations=300)) != whole
    assert whole[: len(earlier)] == earlier
    assert 50 < len(earlier) < len(whole)


def test_lines_stand_in_the_order_of_recording() -> None:
    moments = [datetime.fromisoformat(x["recordedAt"]) for x in example().lines if "action" in x]
    assert moments == sorted(moments)
    assert moments[-1] <= NOW


def test_forty_items_wait_for_the_coming_national_meeting() -> None:
    listed = [
        steps[-1].fields for steps in example().steps.values() if steps[-1].after.phase == "listed"
    ]
    days = Counter(x["meetingOn"] for x in listed if x["panel"] == "kdt-national")
    assert days == {national_meeting(END).isoformat(): 40}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.slug)
def test_every_location_has_work_in_every_phase(place: Place) -> None:
    found = Counter(
        steps[-1].after.phase
        for steps in example().steps.values()
        if steps[0].fields["location"] == place.name and steps[-1].after.level != "national"
    )
    for phase in ("draft", "queued", "listed", "returned", "in_inquiry", "settled"):
        assert found[phase] > 0, phase


@pytest.mark.parametrize(
    "officer", [p.id for p in EXAMPLE_PEOPLE if any(role == "officer" for role, _ in p.grants)]
)
def test_example_officers_find_living_work(officer: str) -> None:
    mine = [s for s in example().steps.values() if s[0].fields["actor"] == officer]
    phases = {s[-1].after.phase for s in mine}
    assert {"draft", "queued", "listed", "returned", "in_inquiry", "settled"} <= phases
    lately = END - timedelta(days=14)
    assert any(s[-1].after.phase == "settled" and s[-1].day >= lately for s in mine)


def test_example_people_have_known_roles_and_who_records_brings_nothing() -> None:
    assert {role for person in EXAMPLE_PEOPLE for role, _ in person.grants} == ROLES
    opened = {line["actor"] for line in example().actions("open")}
    recorded = {line["actor"] for line in example().actions("consider")}
    assert {p.id for p in EXAMPLE_PEOPLE if p.grants[0][0] in ("secretary", "chair")} <= recorded
    assert not opened & recorded


def test_panels_meet_on_working_days_and_the_national_one_on_thursdays() -> None:
    for line in example().actions("list"):
        day = date.fromisoformat(line["meetingOn"])
        assert PROPOSED.is_working_day(day)
        assert line["panel"] != "kdt-national" or day == national_meeting(day)


def test_a_few_times_the_national_kdt_finds_no_answer_and_one_is_open_still() -> None:
    row = figures(example().history, END - timedelta(days=365), END, None, (), NOW)["rows"][0]
    assert 2 <= row["unresolved"] <= 5
    assert row["openAfterUnresolved"] == 1
    for count in ("reopened", "withdrawn", "lapsed", "referredUpBelongsNationally", "heldOver"):
        assert row[count] > 10, count
    assert row["referredUp"] > row["referredUpNotSettled"] + row["referredUpBelongsNationally"]
    assert row["considered"] > 5000
    assert row["casesHandled"] < len(example().steps)
    assert row["stockStart"] + row["entered"] - row["left"] == row["stockEnd"]


def test_locations_differ() -> None:
    start = END - timedelta(days=365)
    by_place = figures(example().history, start, END, None, ("level", "location"), NOW)["rows"]
    local = [row for row in by_place if row["level"] == "local"]
    assert len(local) == len(PLACES)
    for part in ("heldOver", "referredUp", "interviewsOrdered"):
        shares = [row[part] / row["considered"] for row in local]
        assert max(shares) > 1.5 * min(shares), part
    assert max(row["referred"] for row in local) > 2 * min(row["referred"] for row in local)


def test_some_things_are_registered_late_or_wrong_and_put_right() -> None:
    year = example()
    dated = year.actions("consider") + year.actions("open")
    late = sum(line["recordedAt"][:10] != line["occurredOn"] for line in dated)
    assert 0.03 < late / len(dated) < 0.08
    corrections = year.actions("correct")
    assert 0.02 < len(corrections) / len(dated) < 0.05
    kinds = {name for line in corrections for name in line.get("with", ("void",))}
    assert kinds >= {"void", "outcome", "ruling", "inquiry", "referral", "reasons", "result"}
    assert kinds >= {"case", "ground", "question", "decideBy", "occurredOn"}
    refs = {line["ref"]: line for line in year.lines if "ref" in line}
    corrected = Counter((refs[line["replaces"]]["action"], "void" in line) for line in corrections)
    for target in ("open", "consider", "correct", "tag"):
        assert corrected[target, True] > 0, target
    assert corrected["correct", False] > 0


def test_themes_are_tagged_as_the_additions_to_the_format_say() -> None:
    year = example()
    themes = {line["id"] for line in year.lines if line.get("kind") == "theme"}
    opened: set[str] = set()
    for line in year.lines:
        if line.get("action") == "open":
            opened.add(line["escalation"])
        elif line.get("action") == "tag":
            assert line["escalation"] in opened
            assert line["theme"] in themes
            assert line["occurredOn"] == line["recordedAt"][:10]
    tags = Counter(line["theme"] for line in year.actions("tag"))
    assert set(tags) == themes
    considered = {line["escalation"] for line in year.actions("consider")}
    share = len({line["escalation"] for line in year.actions("tag")}) / len(considered)
    assert 0.27 < share < 0.42


def test_one_theme_rises_in_the_last_weeks_and_one_has_fallen() -> None:
    def rate(theme: str, start: date, until: date) -> float:
        days = [line["occurredOn"] for line in example().actions("tag") if line["theme"] == theme]
        found = sum(str(start) <= day <= str(until) for day in days)
        return float(found / (until - start).days)

    year_ago, lately, spring = (END - timedelta(days=n) for n in (365, 35, 180))
    rising, fallen = "wachttijd-weegt", "pleegkinderen"
    assert rate(rising, lately, END) > 1.7 * rate(rising, year_ago, lately)
    assert rate(fallen, spring, END) < 0.5 * rate(fallen, year_ago, spring)


def test_the_theme_that_rises_is_found_by_the_scan() -> None:
    year = example()
    opened = {line["escalation"]: line for line in year.actions("open")}
    first: dict[tuple[str, str], tuple[date, str]] = {}
    for line in year.actions("tag"):
        brought = opened[line["escalation"]]
        seen = (date.fromisoformat(line["occurredOn"]), brought["location"])
        first.setdefault((line["theme"], brought["case"]), seen)
    until, weeks = last_sunday(END), 50
    themes, locations = sorted({theme for theme, _ in first}), [one.name for one in PLACES]
    cells = np.zeros((len(themes), len(locations), weeks), np.int64)
    for (theme, _), (day, location) in first.items():
        week = weeks - 1 - (until - day).days // 7
        if 0 <= week < weeks:
            cells[themes.index(theme), locations.index(location), week] += 1
    there = (np.zeros(len(themes), np.int64), np.zeros(len(locations), np.int64))
    rising = rises(Seen(cells, *there), until.toordinal())
    assert "wachttijd-weegt" in {themes[one.theme] for one in rising if one.location is None}


def test_of_one_theme_cases_alike_are_answered_otherwise_at_some_locations() -> None:
    year = example()
    opened = {line["escalation"]: line for line in year.actions("open")}
    rulings = {
        line["escalation"]: line["ruling"]
        for line in year.actions("consider")
        if line["outcome"] == "decided" and "national" not in line["actor"]
    }
    profiles: dict[str, list[Answered]] = {}
    for line in year.actions("tag"):
        if ruling := rulings.get(line["escalation"]):
            brought = opened[line["escalation"]]
            case = Answered(brought["location"], brought["ground"], ruling)
            profiles.setdefault(line["theme"], []).append(case)
    assert "geworteld-kind" in {one.profile for one in told(compared(profiles, 1))}
