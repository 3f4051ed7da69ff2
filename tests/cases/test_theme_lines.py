"""The lines about themes, talks, signals, tests, adjustments and the forum of a history file: since
when they say a thing was known, and which cannot be true."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kdt import words
from kdt.cases.exporting import encoded
from kdt.cases.lines import Line, parse
from kdt.cases.theme_judge import ThemeJudge
from kdt.forum.queries import items
from kdt.procedure.refusal import Refusal
from kdt.store.engine import Store
from kdt.store.transaction import reading
from kdt.themes import circuit
from kdt.themes.circuit import Standing
from kdt.themes.consultations import consultations
from kdt.themes.counting import counts
from kdt.themes.history import ThemeFact
from kdt.themes.signals import signals
from kdt.vocabulary import ThemeAction, ThemeState
from tests.cases.test_history_of_meetings import bring_in, changed, rows, taken_out
from tests.cases.test_history_of_themes import KEPT, told
from tests.support import assert_sound

Fields = dict[str, Any]

AT = datetime(2022, 3, 1, 9, tzinfo=UTC)
ROLE = "policy_adviser"


def line(kind: str, minute: int, ref: str, **more: object) -> Fields:
    at = (AT + timedelta(minutes=minute)).isoformat().replace("+00:00", "Z")
    who = {"ref": ref, "recordedAt": at, "occurredOn": "2022-03-01", "actor": "p", "role": ROLE}
    return {"kind": kind, **who, **more}


def entered(minute: int, name: str, status: str = "confirmed") -> Fields:
    named = {"kind": "theme", "id": name, "name": name.capitalize(), "description": ""}
    return {**named, **line("theme", minute, f"ref-{name}"), "status": status}


def of_theme(minute: int, ref: str, fact: str, of: str = "kou", **more: object) -> Fields:
    return line("theme_fact", minute, ref, id=of, fact=fact, **more)


def act(minute: int, ref: str, role: str, action: str, **more: object) -> Fields:
    said = line("", minute, ref, role=role, action=action, escalation="V-1", **more)
    return {name: value for name, value in said.items() if name != "kind"}


TALK = {"heldOn": "2022-03-01", "form": "talk", "partners": ["vajn"], "participants": ["p", "q"]}
TOLD = {
    "signalSource": "journal", "receivedOn": "2022-02-01", "fromLawyers": "no",
    "title": "Verzonnen", "concerns": "Verzonnen.",
}  # fmt: skip
TESTED = {
    "testKind": "ex_ante", "heldOn": "2022-03-01", "personEffect": "yes", "capability": "no",
    "organisations": ["ind", "vwn"], "title": "Verzonnen",
}  # fmt: skip
ADJUSTED = {
    "adjustmentKind": "none", "adjustmentStatus": "decided", "since": "2022-03-01",
    "decidedBy": "not_said", "title": "Verzonnen",
}  # fmt: skip
GOOD: list[Fields] = [
    {"kind": "history", "version": 6},
    entered(40, "hitte", "proposed"),
    entered(0, "kou"),
    entered(1, "regen"),
    act(2, "1", "officer", "open", case="Z-1", location="A", question="decision",
        ground="buikpijn", summary=""),
    act(3, "2", "officer", "tag", theme="kou"),
    line("consultation", 4, "3", id="G-1", fact="enter", **TALK, themes=["kou"], agreements="X."),
    line("consultation", 5, "4", id="G-1", fact="change", **TALK, agreements="Verzonnen."),
    of_theme(6, "5", "describe", stream="asylum", owner="p", codes=["A", "B"]),
    of_theme(7, "6", "consult", consultation="G-1"),
    of_theme(8, "7", "send_out", owedBy="policy", dueOn="2022-04-01", reasons="Doen."),
    of_theme(9, "8", "correct", replaces="7", reasons="Vergist."),
    of_theme(10, "9", "split", target="regen", escalations=["V-1"], reasons="Anders."),
    line("signal", 11, "10", id="S-1", fact="enter", **TOLD, atLatest=True, themes=["kou"]),
    line("signal", 12, "11", id="S-1", fact="assess", assessment="recognised", reasons="Zo.",
         publishedBy="De minister"),
    line("signal", 13, "12", id="S-2", fact="enter",
         **{**TOLD, "signalSource": "coa_staff"}),
    line("implementation_test", 14, "13", id="T-1", fact="enter", **TESTED),
    line("implementation_test", 15, "14", id="T-1", fact="hear", organisation="vwn",
         satisfaction="partly", saidOn="2022-03-01", said="Deels."),
    line("adjustment", 16, "15", id="A-1", fact="enter", **ADJUSTED, themes=["kou"],
         signals=["S-1"], tests=["T-1"], reasons="Daarom."),
    line("adjustment", 17, "16", id="A-1", fact="withdraw"),
    line("forum", 18, "17", id="F-1", fact="bring", role="officer", words="Komt terug.",
         escalation="V-1"),
    line("forum", 19, "18", id="F-1", fact="conclude", theme="kou"),
    of_theme(20, "19", "change", "regen", name="Nattigheid"),
    of_theme(41, "20", "confirm", "hitte", reasons="Ja."),
]  # fmt: skip
# What is changed of which good line (its number from 1), and what that line is then said to be.
BAD: list[tuple[int, Fields, str]] = [
    (2, {"status": "answered"}, "not_one_of"),
    (2, {"ref": ...}, "missing"),
    (3, {"ref": "ref-hitte"}, "ref_twice"),
    (3, {"id": "hitte"}, "theme_twice"),
    (2, {"recordedAt": "2999-01-01T00:00:00Z"}, "recorded_in_the_future"),
    (2, {"occurredOn": "2022-03-02"}, "occurred_after_recorded"),
    (2, {"role": "auditor"}, "not_one_of"),
    (2, {"name": "  kOU "}, "refusal.name_taken"),
    # What another was called by then.
    (2, {"name": "Nattigheid"}, "refusal.name_taken"),
    (7, {"fact": "eat"}, "not_one_of"),
    (7, {"fact": ...}, "missing"),
    (7, {"partners": []}, "blank"),
    (7, {"partners": "vajn"}, "not_a_list"),
    (7, {"partners": ["buurman"]}, "not_one_of"),
    (7, {"heldOn": "2022-03-02"}, "held_in_the_future"),
    (7, {"themes": ["hitte"]}, "not_one_of"),
    (7, {"agreements": " "}, "blank"),
    (7, {"chair": "v"}, "unknown_field"),
    (7, {"fact": "change"}, "not_there_before"),
    (8, {"actor": "r"}, "was_not_there"),
    (8, {"fact": "enter"}, "there_before"),
    (8, {"recordedAt": "2022-03-01T09:04:00Z"}, "not_after_previous"),
    (8, {"role": "officer"}, "not_one_of"),
    (9, {"stream": "river"}, "not_one_of"),
    (9, {"codes": [f"c{number}" for number in range(21)]}, "too_many"),
    (9, {"id": "mist"}, "not_there_before"),
    (9, {"id": "hitte"}, "not_after_previous"),
    (10, {"consultation": "G-2"}, "not_there_before"),
    (10, {"occurredOn": "2022-03-02"}, "occurred_after_recorded"),
    (11, {"dueOn": "2022-02-28"}, "refusal.theme_due_before"),
    (11, {"fact": "follow", "owedBy": ..., "dueOn": ...}, "refusal.theme_not_in_state"),
    (11, {"reasons": ...}, "missing"),
    (12, {"replaces": "1"}, "refusal.theme_step_unknown"),
    (13, {"target": "kou"}, "target_not_open"),
    (13, {"target": "hitte"}, "target_not_open"),
    (13, {"escalations": ["V-2"]}, "escalation_unknown"),
    (13, {"id": "regen", "target": "kou"}, "shows_no_theme"),
    (14, {"atLatest": False}, "not_true"),
    (14, {"receivedOn": "2022-03-02"}, "received_in_the_future"),
    (14, {"title": "x" * 201}, "too_long"),
    (15, {"id": "S-9"}, "not_there_before"),
    (15, {"reasons": ...}, "missing"),
    (16, {"origin": "Jan"}, "of_staff"),
    (16, {"fromLawyers": "yes"}, "of_staff"),
    (16, {"id": "S-1", "fact": "change"}, "refusal.reply_stays_closed"),
    (17, {"heldOn": "2022-03-02"}, "tested_in_the_future"),
    (18, {"organisation": "coa"}, "not_one_of"),
    (18, {"saidOn": "2022-03-02"}, "said_in_the_future"),
    (19, {"signals": ["S-2"]}, "not_one_of"),
    (19, {"reasons": ...}, "missing"),
    (19, {"adjustmentStatus": "in_force"}, "nothing_in_force"),
    (19, {"themes": ..., "signals": ..., "tests": ...}, "answers_nothing"),
    (19, {"since": "2022-03-02"}, "adjusted_in_the_future"),
    (20, {"id": "A-2"}, "not_there_before"),
    (21, {"escalation": "V-2"}, "escalation_unknown"),
    (21, {"words": ...}, "missing"),
    (22, {"theme": ...}, "missing"),
    (22, {"theme": "hitte"}, "theme_unknown"),
    (22, {"occurredOn": "2022-02-28"}, "not_a_forum_day"),
    (22, {"fact": "withdraw", "theme": ..., "actor": "r"}, "did_not_bring"),
    (23, {"name": "Kou"}, "refusal.name_taken"),
    (24, {"fact": "answer"}, "refusal.theme_not_in_state"),
    (24, {"recordedAt": "2022-03-01T09:39:00Z"}, "not_after_previous"),
]  # fmt: skip
# What a sentence about a line fills in.
NAMED = (
    "field", "given", "known", "least", "most", "longest", "id", "theme", "escalation", "ref",
    "name", "theme_action", "theme_state", "due_on", "occurred_on",
)  # fmt: skip


def test_the_good_lines_are_good_and_known_since_they_say(
    store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    assert bring_in(store, GOOD, tmp_path) == []
    out = taken_out(store, tmp_path / "out.jsonl")
    assert out == b"".join(map(encoded, GOOD))
    assert bring_in(elsewhere, out, tmp_path) == []
    assert told(elsewhere) == told(store)
    day, year = date(2022, 3, 1), (date(2022, 1, 1), date(2022, 12, 31))
    with reading(store) as connection:
        # By a day long before the import; and on the day before, nothing.
        for as_of, times in ((day, 1), (day - timedelta(days=1), 0)):
            assert len(consultations(connection, as_of=as_of)) == times
            assert len(signals(connection, closed=False, as_of=as_of)) == times
        assert counts(connection, *year, as_of=day) == {"regen": 1}
        assert items(connection)[0].theme == "kou"
    assert_sound(store)
    # What goes on from there comes in with a next file, and is held against what is there.
    later = [
        of_theme(50, "51", "merge", target="regen", reasons="Eén."),
        line("signal", 51, "52", id="S-1", fact="withdraw"),
        line("forum", 52, "53", id="F-1", fact="withdraw", role="officer"),
    ]
    assert [one.line for one in bring_in(store, [*GOOD[:4], *later], tmp_path)] == [7]
    assert bring_in(store, [*GOOD[:4], *later[:2]], tmp_path) == []
    other = {**GOOD[2], "name": "Kilte"}
    twice = bring_in(store, [GOOD[0], other, *later[:2]], tmp_path)
    assert [one.line for one in twice] == [2, 3, 4]
    assert_sound(store)


def test_a_bad_line_is_named_whichever_way_it_is_bad(store: Store, tmp_path: Path) -> None:
    for number, with_, code in BAD:
        lines = changed(GOOD, number, with_)
        found = {one.line: one for one in bring_in(store, lines, tmp_path)}
        assert number in found, (with_, found)
        first = found[number]
        assert first.ref == lines[number - 1].get("ref")
        said = code if code.startswith("refusal.") else f"problem.{code}"
        begins = words.say(said, **dict.fromkeys(NAMED, "\0")).partition("\0")[0]
        assert any(one.startswith(begins) for one in first.problems), (with_, first)
    for table in ("themes", "ledger", *KEPT):
        assert rows(store, f"select count(*) from {table}") == [(0,)]


def test_a_name_is_free_again_once_a_theme_is_called_otherwise(
    store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    regen = {**entered(1, "regen"), "name": " Regen \u00a0 zacht"}
    zacht = {**entered(40, "zacht"), "name": "REGEN zacht "}
    called = of_theme(20, "r", "change", "regen", name="Nattigheid")
    assert [one.line for one in bring_in(store, [GOOD[0], regen, zacht], tmp_path)] == [3]
    assert [one.line for one in bring_in(store, [GOOD[0], zacht, regen], tmp_path)] == [2]
    lines = [GOOD[0], regen, zacht, called]
    assert bring_in(store, lines, tmp_path) == []
    out = taken_out(store, tmp_path / "out.jsonl")
    assert '"Regen zacht"' in out.decode()
    assert bring_in(elsewhere, out, tmp_path) == []
    assert taken_out(elsewhere, tmp_path / "again.jsonl") == out
    # What the record has already is the same, however it is spaced.
    assert bring_in(store, lines[:3], tmp_path) == []
    # Between two others it is free, but not for good.
    for minute in (10, 30, 50):
        wind = {**entered(minute, "wind"), "name": "regen ZACHT"}
        assert [one.line for one in bring_in(store, [GOOD[0], wind], tmp_path)] == [2]
    wind = {**entered(10, "wind"), "name": "Storm"}
    assert bring_in(store, [GOOD[0], wind], tmp_path) == []


def test_an_older_version_knows_none_of_it(store: Store, tmp_path: Path) -> None:
    for version in range(2, 6):
        lines = [{"kind": "history", "version": version}, *GOOD[1:]]
        found = {one.line for one in bring_in(store, lines, tmp_path)}
        # All but the escalation that is opened.
        assert found == set(range(2, len(GOOD) + 1)) - {5}


def read(fields: Fields) -> Line:
    found, _, problems = parse(encoded(fields)[:-1], first=False, version=6)
    assert found is not None, problems
    return found


INPUTS: dict[str, Fields] = {
    "reject": {"reasons": "X."},
    "send_out": {"owedBy": "policy", "dueOn": "2022-04-01", "reasons": "X."},
    "answer": {"reasons": "X."},
    "close": {"closedAs": "solved"},
    "merge": {"target": "regen", "reasons": "X."},
    "split": {"target": "regen", "escalations": ["V-1"], "reasons": "X."},
}


@given(
    st.lists(st.tuples(st.sampled_from(ThemeAction), st.integers(0, 9), st.booleans()), max_size=12)
)
def test_of_any_steps_those_stay_that_the_circuit_allows(
    asked: list[tuple[ThemeAction, int, bool]],
) -> None:
    judge = ThemeJudge()
    for number, one in enumerate((entered(0, "kou", "proposed"), entered(0, "regen")), 1):
        theme_of_it = read(one)
        assert isinstance(theme_of_it, ThemeFact)
        assert not judge.enter(theme_of_it, number)
    taken: list[circuit.Step] = []
    refs: dict[str, int] = {}
    begun = Standing(ThemeState.PROPOSED)
    for number, (action, back, stale) in enumerate(asked, 1):
        more = INPUTS.get(action, {})
        if action is ThemeAction.CORRECT:
            more = {"replaces": f"r{back}", "reasons": "X."}
        new = read(of_theme(0 if stale else number, f"r{number}", action, **more))
        assert isinstance(new, ThemeFact)
        values = {**new.values}
        if "replaces" in values:
            values["replaces"] = refs.get(values["replaces"])
        step = circuit.Step(len(refs) + 2, action, new.occurred_on, values)
        if action is ThemeAction.CORRECT:
            after: Standing | Refusal = circuit.taken_back(begun, taken, step)
        else:
            before = circuit.walk(begun, taken)
            assert isinstance(before, Standing)
            after = circuit.decide(before, step)
        possible = not stale and isinstance(after, Standing)
        assert bool(judge.tell(new, lambda _: {("kou", AT.date())})) is not possible
        if possible:
            taken.append(step)
            refs[new.ref] = step.number
