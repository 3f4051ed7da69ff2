"""Small histories with figures worked out by hand, one for each way to read the text wrongly."""

from datetime import date

import pytest

from .by_hand import NOW, accepted, act, asked, brought, fix, heard, year
from .figures import figures


def test_nothing_recorded_gives_no_rows() -> None:
    assert year(accepted()) == []


def test_what_never_left_the_draft_is_in_no_row() -> None:
    drafts = accepted(act("open", "2022-03-01"), act("withdraw", "2022-03-02"))
    assert year(drafts) == []
    assert year(drafts, "level", "location") == []


def test_one_settled_escalation() -> None:
    settled = accepted(brought("2022-03-01"), heard("2022-03-03", "decided", ruling="in_favour"))
    row = {
        "referred": 1,
        "considered": 1,
        "casesHandled": 1,
        "decisions": 1,
        "decisionsInFavour": 1,
        "entered": 1,
        "left": 1,
    }
    assert year(settled) == [row]
    assert asked(settled, "2022-03-02", "2022-03-02") == [{"stockStart": 1, "stockEnd": 1}]
    assert asked(settled, "2022-03-01", "2022-03-02") == [
        {"referred": 1, "stockEnd": 1, "entered": 1}
    ]


def test_the_day_of_recording_is_amsterdams() -> None:
    late = accepted(
        brought("2022-03-31"),
        act("list", "2022-03-31"),
        act(
            "consider",
            "2022-03-31",
            outcome="decided",
            ruling="other",
            recordedAt="2022-03-31T22:30:00Z",
        ),
    )
    assert "decisions" not in year(late, as_of="2022-03-31")[0]
    assert year(late, as_of="2022-04-01")[0]["decisions"] == 1


def test_the_day_of_recording_knows_winter_time() -> None:
    late = accepted(
        brought("2022-11-01"),
        act("withdraw", "2022-11-01", recordedAt="2022-11-01T22:30:00Z"),
    )
    assert year(late, as_of="2022-11-01")[0]["withdrawn"] == 1


def test_a_ruling_does_not_outlive_its_outcome() -> None:
    history = accepted(
        brought("2022-03-01"),
        heard("2022-03-03", "decided", ruling="against"),
        fix("4", "2022-03-05", outcome="held_over"),
    )
    [row] = year(history)
    assert row == {
        "referred": 1,
        "considered": 1,
        "casesHandled": 1,
        "heldOver": 1,
        "stockEnd": 1,
        "entered": 2,
        "left": 1,
    }
    assert year(history, as_of="2022-03-04")[0]["decisionsAgainst"] == 1


def test_an_earlier_correction_returns_when_the_later_is_voided() -> None:
    history = accepted(
        brought("2022-03-01", ground="other"),
        fix("1", "2022-03-02", ground="buikpijn"),
        fix("1", "2022-03-03", question="additional_interview"),
        fix("4", "2022-03-04"),
    )

    def ground_and_question(as_of: str) -> tuple[str, str]:
        [row] = year(history, "ground", "question", as_of=as_of)
        return row["ground"], row["question"]

    assert ground_and_question("2022-03-01") == ("other", "decision")
    assert ground_and_question("2022-03-02") == ("buikpijn", "decision")
    # The latest holds alone: the ground is the original's again.
    assert ground_and_question("2022-03-03") == ("other", "additional_interview")
    assert ground_and_question("2022-03-04") == ("buikpijn", "decision")


def test_a_correction_of_a_correction_keeps_its_place() -> None:
    history = accepted(
        brought("2022-03-01", ground="other"),
        fix("1", "2022-03-02", ground="buikpijn"),
        fix("1", "2022-03-03", ground="complex"),
        fix("3", "2022-03-04", question="additional_interview"),
        fix("4", "2022-03-05"),
    )
    [row] = year(history, "ground", as_of="2022-03-04")
    assert row["ground"] == "complex"
    [row] = year(history, "ground", "question")
    assert (row["ground"], row["question"]) == ("other", "additional_interview")


def test_a_voided_void_lets_the_action_stand_again() -> None:
    history = accepted(brought("2022-03-01"), fix("2", "2022-03-02"), fix("3", "2022-03-03"))
    assert year(history, as_of="2022-03-02") == []
    assert year(history)[0]["referred"] == 1


def test_a_changed_void_is_a_change() -> None:
    history = accepted(
        brought("2022-03-01"),
        fix("2", "2022-03-02"),
        fix("3", "2022-03-03", occurredOn="2022-03-02"),
    )
    assert asked(history, "2022-03-02", "2022-03-02")[0]["referred"] == 1


def test_a_corrected_case_number_counts() -> None:
    history = accepted(
        brought("2022-03-01", "V-1", case="Z-1"),
        brought("2022-03-01", "V-2", case="Z-2"),
        heard("2022-03-02", "held_over", "V-1"),
        heard("2022-03-02", "held_over", "V-2"),
        fix("3", "2022-03-05", "V-2", case="Z-1"),
    )
    assert year(history, as_of="2022-03-04")[0]["casesHandled"] == 2
    assert year(history)[0]["casesHandled"] == 1


def test_a_case_is_in_both_rows_and_once_in_the_total() -> None:
    history = accepted(
        brought("2022-03-01", "V-1"),
        brought("2022-03-01", "V-2", location="Ter Apel"),
        heard("2022-03-02", "held_over", "V-1"),
        heard("2022-03-02", "referred_up", "V-2", panel="apel", referral="not_settled"),
        heard("2022-03-03", "unresolved", "V-2", panel="top"),
    )
    assert [row["casesHandled"] for row in year(history, "location")] == [1, 1]
    assert [row["casesHandled"] for row in year(history, "level")] == [1, 1]
    assert year(history)[0]["casesHandled"] == 1


def test_levels_add_up_and_location_is_where_it_was_brought_from() -> None:
    history = accepted(
        brought("2022-03-01", location="Ter Apel"),
        heard("2022-03-02", "referred_up", panel="apel", referral="belongs_nationally"),
        heard("2022-03-09", "unresolved", panel="top"),
    )
    local = {"referred": 1, "considered": 1, "casesHandled": 1, "referredUp": 1}
    national = {"referred": 1, "considered": 1, "casesHandled": 1, "unresolved": 1}
    assert year(history, "level", "location") == [
        {"level": "local", "location": "Ter Apel"}
        | local
        | {"referredUpBelongsNationally": 1, "entered": 1, "left": 1},
        {"level": "national", "location": "Ter Apel"}
        | national
        | {"openAfterUnresolved": 1, "stockEnd": 1, "entered": 2, "left": 1},
    ]
    [total] = year(history)
    assert (total["referred"], total["entered"], total["left"], total["stockEnd"]) == (2, 3, 2, 1)


def test_off_the_list_and_on_again_is_no_movement() -> None:
    history = accepted(
        brought("2022-03-01"),
        act("list", "2022-03-02", meetingOn="2022-03-09"),
        act("unlist", "2022-03-03"),
        act("list", "2022-03-04"),
    )
    assert year(history) == [{"referred": 1, "stockEnd": 1, "entered": 1}]


def test_resubmitting_is_no_second_referral() -> None:
    history = accepted(
        brought("2022-03-01"),
        heard("2022-03-02", "information_requested"),
        act("submit", "2022-04-01"),
    )
    assert asked(history, "2022-04-01", "2022-04-30") == [{"stockEnd": 1, "entered": 1}]


@pytest.mark.parametrize(
    ("question", "inquiry", "decisions"),
    [
        ("decision", "interview", 0),
        ("additional_interview", "interview", 1),
        ("additional_interview", "investigation", 0),
        ("additional_investigation", "investigation", 1),
        ("additional_investigation", "interview", 0),
    ],
)
def test_only_the_inquiry_asked_for_settles(question: str, inquiry: str, decisions: int) -> None:
    history = accepted(
        brought("2022-03-01", question=question),
        heard("2022-03-02", "inquiry_ordered", inquiry=inquiry),
    )
    [row] = year(history)
    assert row.get("decisions", 0) == decisions
    assert row[f"{inquiry}sOrdered"] == 1


def test_a_corrected_question_holds_for_the_whole_history() -> None:
    history = accepted(
        brought("2022-03-01", question="additional_interview"),
        heard("2022-03-02", "inquiry_ordered", inquiry="investigation"),
        fix("1", "2022-05-01", question="additional_investigation"),
    )
    assert "decisions" not in year(history, as_of="2022-04-30")[0]
    assert asked(history, "2022-03-02", "2022-03-02")[0]["decisions"] == 1


def test_settling_again_is_another_decision() -> None:
    history = accepted(
        brought("2022-03-01", question="additional_interview"),
        heard("2022-03-02", "inquiry_ordered", inquiry="interview"),
        act("report_back", "2022-03-10"),
        heard("2022-03-11", "inquiry_not_needed"),
        act("follow_through", "2022-03-12"),
        act("reopen", "2022-03-13"),
        heard("2022-03-14", "inquiry_ordered", inquiry="interview"),
    )
    [row] = year(history)
    assert (row["decisions"], row["entered"], row["left"], row["reopened"]) == (3, 3, 3, 1)
    assert row["casesHandled"] == row["referred"] == 1
    assert "stockEnd" not in row


def test_reopened_returns_to_the_level_that_settled() -> None:
    history = accepted(
        brought("2022-03-01"),
        heard("2022-03-02", "referred_up"),
        heard("2022-03-03", "decided", panel="top", ruling="against"),
        act("reopen", "2022-03-04"),
    )
    [local, national] = year(history, "level")
    assert "reopened" not in local
    assert "referredUpNotSettled" not in local
    assert local["referredUp"] == 1
    assert (national["reopened"], national["stockEnd"], national["referred"]) == (1, 1, 1)


def test_open_after_unresolved_follows_the_state_on_the_last_day() -> None:
    history = accepted(
        brought("2022-03-01"),
        heard("2022-03-02", "referred_up"),
        heard("2022-03-03", "unresolved", panel="top"),
        heard("2022-03-10", "unresolved", panel="top"),
        heard("2022-03-17", "inquiry_ordered", panel="top", inquiry="interview"),
        act("report_back", "2022-03-20"),
        heard("2022-03-24", "decided", panel="top", ruling="other"),
        act("reopen", "2022-04-01"),
        heard("2022-04-02", "information_requested", panel="top"),
        act("lapse", "2022-05-01"),
    )

    def still_open(day: str) -> list[tuple[str, int]]:
        rows = asked(history, day, day, "level")
        return [
            (row["level"], row["openAfterUnresolved"])
            for row in rows
            if "openAfterUnresolved" in row
        ]

    national = [("national", 1)]
    assert still_open("2022-03-02") == []
    assert still_open("2022-03-03") == national
    assert still_open("2022-03-10") == national
    assert still_open("2022-03-18") == national
    assert still_open("2022-03-24") == []
    assert still_open("2022-04-01") == national
    assert still_open("2022-04-03") == national
    assert still_open("2022-05-01") == []


def test_an_inquiry_that_answers_closes_the_claim() -> None:
    history = accepted(
        brought("2022-03-01", question="additional_interview"),
        heard("2022-03-02", "referred_up"),
        heard("2022-03-03", "unresolved", panel="top"),
        heard("2022-03-10", "inquiry_ordered", panel="top", inquiry="interview"),
    )
    assert "openAfterUnresolved" not in year(history)[0]


def test_a_corrected_day_moves_the_meeting_until_another_correction_drops_it() -> None:
    history = accepted(
        brought("2022-03-01"),
        act("list", "2022-03-02", meetingOn="2022-03-31"),
        act("consider", "2022-03-31", outcome="held_over"),
        fix("4", "2022-04-05", occurredOn="2022-04-01"),
        fix("4", "2022-04-07", reasons="Verzonnen, maar beter"),
    )
    march, april = ("2022-03-01", "2022-03-31"), ("2022-04-01", "2022-04-30")
    assert asked(history, *march, as_of="2022-04-04")[0]["considered"] == 1
    assert "considered" not in asked(history, *march, as_of="2022-04-05")[0]
    assert asked(history, *april, as_of="2022-04-05")[0]["considered"] == 1
    assert asked(history, *march)[0]["considered"] == 1


def test_a_late_registration_counts_on_its_day_from_its_recording() -> None:
    history = accepted(
        act("open", "2022-03-01"),
        act("submit", "2022-03-02", recordedAt="2022-04-10T09:00:00+02:00"),
    )
    assert asked(history, "2022-03-01", "2022-03-31", as_of="2022-04-09") == []
    assert asked(history, "2022-03-01", "2022-03-31", as_of="2022-04-10") == [
        {"referred": 1, "stockEnd": 1, "entered": 1}
    ]


def test_rows_are_sorted_by_code_point_in_the_order_asked() -> None:
    places = ["Ter Apel", "'s-Gravenhage", "Éénrum", "Den Bosch", "den Haag", "\U00010400"]
    history = accepted(*[brought("2022-03-01", place, location=place) for place in places])
    assert [row["location"] for row in year(history, "location", "level")] == [
        "'s-Gravenhage",
        "Den Bosch",
        "Ter Apel",
        "den Haag",
        "Éénrum",
        "\U00010400",
    ]
    assert list(year(history, "ground", "location")[0])[:2] == ["ground", "location"]


def test_today_is_provisional_and_tomorrow_is_refused() -> None:
    day = date(2022, 12, 1)
    history = accepted(brought("2022-03-01"))
    assert figures(history, day, day, day, [], NOW)["provisional"] is True
    assert "provisional" not in figures(history, day, day, date(2022, 11, 30), [], NOW)
    assert figures(history, day, day, None, [], NOW)["asOf"] is None
    with pytest.raises(ValueError, match="future"):
        figures(history, day, day, date(2022, 12, 2), [], NOW)
    with pytest.raises(ValueError, match="from"):
        figures(history, day, date(2022, 11, 30), None, [], NOW)
