"""What a history file may and may not say, each refusal beside the success that resembles it."""

import pytest

from .by_hand import NOW, PANELS, accepted, act, brought, fix, heard, refused, told
from .generator import encode
from .history import Bad, read
from .lines import Fields


def judged(data: bytes) -> list[Bad]:
    return read(data, NOW).bad


def test_line_ends_and_header() -> None:
    good = told(brought("2022-03-01"))
    header = b'{"version": 1, "kind": "history"}\n'
    windows = good.replace(b"\n", b"\r\n")
    for data in (b"", header, header + good, windows, good.removesuffix(b"\n")):
        assert judged(data) == []
    assert judged(b"\n") == [Bad(1, None, "empty_line")]
    assert judged(good + header) == [Bad(6, None, "header_not_first")]


def test_only_line_feeds_end_lines() -> None:
    text = "Verzonnen \u2028 \x85 \x7f \ufeff regel"
    assert judged(told(act("open", "2022-03-01", summary=text))) == []


def test_pairs_of_surrogates_are_text_and_halves_are_not() -> None:
    good = told(act("open", "2022-03-01", summary="X"))
    assert judged(good.replace(b'"X"', b'"\\ud83d\\ude00"')) == []
    assert judged(good.replace(b'"X"', b'"\\ude00\\ud83d"')) == [Bad(4, "1", "lone_surrogate")]


def test_each_line_is_judged_as_if_bad_ones_were_not_there() -> None:
    future = "2023-01-01T00:00:00Z"
    assert refused(brought("2022-03-01", ground="none")) == [("1", "bad_ground"), ("2", "phase")]
    assert refused(
        act("open", "2022-03-01"),
        act("withdraw", "2022-03-01", recordedAt=future),
        act("submit", "2022-03-02"),
    ) == [("2", "recorded_in_future")]


def test_moments_are_compared_as_moments() -> None:
    def two(first: str, second: str) -> list[tuple[str | None, str]]:
        return refused(
            act("open", "2022-03-01", recordedAt=first),
            act("submit", "2022-03-01", recordedAt=second),
        )

    assert two("2022-03-02T01:00:00+14:00", "2022-03-01T11:00:00Z") == []
    assert two("2022-03-01T12:00:00+01:00", "2022-03-01T11:00:00.000Z") == []
    assert two("2022-03-01T12:00:00+01:00", "2022-03-01T11:59:59+01:00") == [
        ("2", "recorded_before_previous_line")
    ]
    assert two("2022-03-01T11:00:00.5Z", "2022-03-01T11:00:00.4999999Z") == [
        ("2", "recorded_before_previous_line")
    ]


def test_now_is_the_last_moment() -> None:
    assert refused(act("open", "2022-12-01", recordedAt="2022-12-01T12:00:00Z")) == []
    assert refused(act("open", "2022-12-01", recordedAt="2022-12-01T12:00:00.001Z")) == [
        ("1", "recorded_in_future")
    ]


@pytest.mark.parametrize(
    ("recorded", "first_day_too_late"),
    [
        ("2022-03-31T21:59:59Z", "2022-04-01"),
        ("2022-03-31T22:00:00Z", "2022-04-02"),
        ("2022-01-31T22:59:59Z", "2022-02-01"),
        ("2022-01-31T23:00:00Z", "2022-02-02"),
        ("2022-03-26T23:00:00Z", "2022-03-28"),
        ("2022-03-27T21:59:59Z", "2022-03-28"),
        ("2022-03-27T22:00:00Z", "2022-03-29"),
        ("2022-10-29T22:00:00Z", "2022-10-31"),
        ("2022-10-30T22:59:59Z", "2022-10-31"),
        ("2022-10-30T23:00:00Z", "2022-11-01"),
    ],
)
def test_nothing_occurs_after_the_day_in_amsterdam(recorded: str, first_day_too_late: str) -> None:
    year, month, day = first_day_too_late.split("-")
    eve = {"2022-04-01": "2022-03-31", "2022-02-01": "2022-01-31", "2022-11-01": "2022-10-31"}
    last = eve.get(first_day_too_late, f"{year}-{month}-{int(day) - 1:02}")
    assert refused(act("open", last, recordedAt=recorded)) == []
    assert refused(act("open", first_day_too_late, recordedAt=recorded)) == [
        ("1", "occurred_after_recorded")
    ]


def test_panels_are_needed_from_the_first_listing() -> None:
    moves = [{"ref": str(n), **line} for n, line in enumerate(brought("2022-03-01"))]
    listing = {"ref": "9", **act("list", "2022-03-01")}
    assert judged(encode([*moves, *PANELS, listing])) == []
    assert [bad.code for bad in judged(encode([*moves, listing, *PANELS]))] == ["unknown_panel"]


def test_empty_texts_and_destroyed_ones() -> None:
    destroyed = {"destroyed": "2027-05-01"}
    assert refused(act("open", "2022-03-01", summary="")) == []
    assert refused(act("open", "2022-03-01", summary=destroyed)) == []
    assert refused(act("open", "2022-03-01"), act("lapse", "2022-03-01", reason=destroyed)) == []
    assert refused(act("open", "2022-03-01"), act("lapse", "2022-03-01", reason="")) == [
        ("2", "bad_reason")
    ]


def test_final_is_final() -> None:
    for end in ("withdraw", "lapse"):
        closed = [*brought("2022-03-01"), act(end, "2022-03-02")]
        assert refused(closed, act("reopen", "2022-03-03")) == [("4", "phase")]
        assert refused(closed, act("submit", "2022-03-03")) == [("4", "phase")]


def test_an_inquiry_is_followed_through_only_when_it_answers() -> None:
    for question, bad in (("additional_interview", []), ("decision", [("5", "phase")])):
        asked = brought("2022-03-01", question=question)
        ordered = heard("2022-03-02", "inquiry_ordered", inquiry="interview")
        assert refused(asked, ordered, act("follow_through", "2022-03-03")) == bad
        assert refused(asked, ordered, act("withdraw", "2022-03-03")) == []


def test_after_reporting_back_the_question_is_open() -> None:
    assert refused(
        brought("2022-03-01", question="additional_interview"),
        heard("2022-03-02", "inquiry_ordered", inquiry="interview"),
        act("report_back", "2022-03-03"),
        act("follow_through", "2022-03-03"),
    ) == [("6", "phase")]


def test_resubmission_returns_to_the_level_that_asked() -> None:
    national = [
        *brought("2022-03-01"),
        *heard("2022-03-02", "referred_up"),
        *heard("2022-03-03", "information_requested", panel="top"),
        act("submit", "2022-03-04"),
    ]
    assert refused(*national, act("list", "2022-03-04", panel="top")) == []
    assert refused(*national, act("list", "2022-03-04")) == [("8", "panel_of_another_level")]


STORY: list[Fields] = [
    *brought("2022-03-01"),
    *heard("2022-03-03", "decided", ruling="against"),
    act("follow_through", "2022-03-05", result="deviated", reasons="Verzonnen"),
]


@pytest.mark.parametrize(
    ("correction", "code"),
    [
        (fix("1", "2022-03-09", occurredOn="2022-03-01"), None),
        (fix("1", "2022-03-09", occurredOn="2022-03-02"), "stands_in_the_way"),
        (fix("2", "2022-03-09"), "stands_in_the_way"),
        (fix("1", "2022-03-09", question="additional_interview"), "stands_in_the_way"),
        (fix("1", "2022-03-09", decideBy="2022-05-01"), None),
        (fix("1", "2022-03-09", location="Ter Apel"), "unknown_field"),
        (fix("1", "2022-03-09", summary="Verzonnen"), "unknown_field"),
        (fix("3", "2022-03-09", meetingOn="2022-03-03"), "unknown_field"),
        (fix("4", "2022-03-09"), "stands_in_the_way"),
        (fix("4", "2022-03-09", ruling="in_favour"), None),
        (fix("4", "2022-03-09", referral="not_settled"), "stands_in_the_way"),
        (fix("4", "2022-03-09", outcome="decided"), "stands_in_the_way"),
        (fix("4", "2022-03-09", outcome="decided", ruling="other"), None),
        (fix("4", "2022-03-09", outcome="held_over"), "stands_in_the_way"),
        (fix("4", "2022-03-09", occurredOn="2022-03-05"), None),
        (fix("4", "2022-03-09", occurredOn="2022-03-06"), "stands_in_the_way"),
        (fix("5", "2022-03-09"), None),
        (fix("5", "2022-03-09", occurredOn="2022-03-09"), None),
        (fix("5", "2022-03-09", occurredOn="2022-03-10"), "corrected_to_after_recorded"),
        (fix("5", "2022-03-09", reasons="Anders"), None),
        (fix("5", "2022-03-09", result="deviated"), "stands_in_the_way"),
        (fix("5", "2022-03-09", result="carried_out"), None),
        (fix("5", "2022-03-09", result="carried_out", reasons="Anders"), "stands_in_the_way"),
        (fix("6", "2022-03-09"), "replaces_unknown"),
        (fix("1", "2022-03-09") | {"occurredOn": "2021-01-01"}, "stands_in_the_way"),
        (fix("5", "2022-03-09") | {"occurredOn": "2021-01-01"}, None),
        (
            fix("4", "2022-03-09", ruling="other") | {"actor": "officer"},
            "opener_corrects_consideration",
        ),
        (fix("5", "2022-03-09") | {"actor": "officer"}, None),
    ],
)
def test_a_correction_leaves_a_legal_walk(correction: Fields, code: str | None) -> None:
    assert refused(STORY, correction) == ([("6", code)] if code else [])


def test_reasons_alone_do_not_suit_what_was_carried_out() -> None:
    done = [*STORY[:-1], act("follow_through", "2022-03-05")]
    assert refused(done, fix("5", "2022-03-06", reasons="Anders")) == [("6", "stands_in_the_way")]


def test_a_correction_is_read_against_the_original_not_the_one_before() -> None:
    held = [*brought("2022-03-01"), *heard("2022-03-03", "held_over")]
    decided = fix("4", "2022-03-04", outcome="decided", ruling="other")
    assert refused(held, decided, fix("4", "2022-03-05", ruling="against")) == [
        ("6", "stands_in_the_way")
    ]


def test_voiding_a_correction_brings_back_what_it_hid() -> None:
    moved = [
        *brought("2022-03-01"),
        fix("2", "2022-03-05", occurredOn="2022-03-05"),
        fix("2", "2022-03-05", occurredOn="2022-03-02"),
        act("list", "2022-03-05"),
        act("unlist", "2022-03-05"),
    ]
    assert refused(moved, fix("4", "2022-03-06")) == []
    early = [*moved[:4], act("list", "2022-03-03", recordedAt="2022-03-05T12:00:00+01:00")]
    assert refused(early, fix("4", "2022-03-06")) == [("6", "stands_in_the_way")]
    assert refused(early, fix("3", "2022-03-06"), fix("4", "2022-03-06")) == []


def test_an_open_is_voided_while_nothing_else_stands() -> None:
    opened = brought("2022-03-01")
    assert refused(opened, fix("1", "2022-03-02")) == [("3", "stands_in_the_way")]
    assert refused(opened, fix("2", "2022-03-02"), fix("1", "2022-03-02")) == []
    voided = [*opened, fix("2", "2022-03-02"), fix("1", "2022-03-02")]
    assert refused(*voided, act("submit", "2022-03-03")) == [("5", "phase")]
    assert refused(*voided, fix("3", "2022-03-03")) == [("5", "stands_in_the_way")]
    assert refused(*voided, fix("4", "2022-03-03"), fix("3", "2022-03-03")) == []


def test_a_voided_consideration_leaves_it_listed_for_the_same_meeting() -> None:
    voided = [*STORY[:-1], fix("4", "2022-03-04")]
    again = act("consider", "2022-03-03", recordedAt="2022-03-04T13:00:00Z", outcome="held_over")
    assert refused(voided, again) == []
    assert refused(voided, again | {"occurredOn": "2022-03-04"}) == [("6", "not_the_meeting_day")]
    assert refused(voided, again, fix("5", "2022-03-05")) == [("7", "stands_in_the_way")]


def test_a_moved_meeting_makes_room_for_its_listing() -> None:
    moved = [*STORY[:-1], fix("4", "2022-03-06", occurredOn="2022-03-05")]
    assert refused(moved, fix("3", "2022-03-07", occurredOn="2022-03-04")) == []
    assert refused(STORY[:-1], fix("3", "2022-03-07", occurredOn="2022-03-04")) == [
        ("5", "stands_in_the_way")
    ]


def test_who_opened_corrects_no_correction_of_a_consideration_either() -> None:
    corrected = [*STORY, fix("4", "2022-03-09", ruling="other")]
    own = fix("6", "2022-03-10") | {"actor": "officer"}
    assert refused(corrected, own) == [("7", "opener_corrects_consideration")]
    assert refused(corrected, own | {"actor": "corrector"}) == []


def test_references_stay_within_an_escalation() -> None:
    assert refused(
        act("open", "2022-03-01", "V-1"),
        act("open", "2022-03-01", "V-2"),
        fix("1", "2022-03-02", "V-2", ground="other"),
    ) == [("3", "replaces_unknown")]


def test_an_accepted_history_is_kept_whole() -> None:
    history = accepted(STORY)
    assert list(history.entries) == ["1", "2", "3", "4", "5"]
    assert set(history.panels) == {"bosch", "apel", "top"}
