"""Themes, talks, signals, tests, adjustments and the forum in a history file: what comes in, what
goes out again, and which lines cannot be true."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdt import words
from kdt.access.permissions import Actor
from kdt.access.queries import Person
from kdt.access.service import enter
from kdt.cases import service as cases
from kdt.cases.exporting import encoded
from kdt.cases.lines import Line, parse
from kdt.cases.theme_judge import ThemeJudge
from kdt.errors import Forbidden
from kdt.forum import service as forum
from kdt.forum.queries import items
from kdt.ledger.service import By
from kdt.ledger.table import FACTS
from kdt.procedure.refusal import Refusal
from kdt.register.answers import answers, question
from kdt.store import moments
from kdt.store.engine import Store
from kdt.store.transaction import reading, writing
from kdt.themes import adjusting, circuit, consulting, letters, signalling, stepping, testing
from kdt.themes import service as themes
from kdt.themes.circuit import Standing
from kdt.themes.consultations import consultation, consultations
from kdt.themes.counting import counts
from kdt.themes.history import SUBJECTS, ThemeFact
from kdt.themes.queries import theme
from kdt.themes.replies import replies
from kdt.themes.signals import signal, signals
from kdt.themes.stepping import Told as Step
from kdt.vocabulary import Role, ThemeAction, ThemeState
from tests.cases.test_history_of_meetings import bring_in, rows, taken_out
from tests.service.test_together import PLACES, bring, command, officer, prepare, secretary
from tests.support import assert_sound

ADVISER = Actor("beleid", Role.POLICY_ADVISER)
OTHER = Actor("beleid-2", Role.POLICY_ADVISER)
CHAIR = Actor("voorzitter", Role.CHAIR, PLACES[0])
SIGNAL = signalling.Told("journal", date(2022, 3, 1), "Verzonnen “één”", "Verzonnen.\nEn nog meer.")
TEST = testing.Told("ex_post", date(2022, 3, 1), "Verzonnen", ["vwn", "ind"], findings="Verzonnen.")
CHANGE = adjusting.Told("practice", "explored", date(2022, 3, 1), "Verzonnen")
Fields = dict[str, Any]
KEPT = (
    "theme_terms", "theme_steps", "theme_profiles", "consultation_terms", "signal_terms",
    "signal_views", "implementation_test_terms", "implementation_test_opinions",
    "adjustment_terms", "forum_steps", "theme_tags",
)  # fmt: skip


def told(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row that is read of themes and what is told about them."""
    return {one: sorted(rows(store, f"select {one}::text from {one}")) for one in KEPT}


def answered(store: Store, as_of: date | None = None) -> dict[int, tuple[str, ...]]:
    with reading(store) as connection:
        today = moments.today(connection)
        asked = question(date(2022, 1, 1), date(2022, 12, 31), as_of, today=today)
        found = answers(connection, asked, today=today)
    return {one.number: tuple(one.now) for one in found.answers if one.number in (6, 7, 9, 18)}


def recorded(store: Store) -> dict[str, str]:
    """A record in which all happens that is recorded of themes; what to look at, by name."""
    today = prepare(store)
    with writing(store) as connection:
        granted = ((Role.POLICY_ADVISER, None),)
        enter(connection, By("beheer"), [Person(OTHER.person, "Olga", granted)])
    first = themes.add(store, ADVISER, "Nareis: „éénoudergezin”", "Verzonnen").id
    second = themes.add(store, CHAIR, "Wachttijd").id
    third = themes.add(store, CHAIR, "Wordt niets").id
    ids = []
    for number, place in enumerate(PLACES):
        ids.append(bring(store, place, f"Z-{number}", today).escalation)
        tags = [command("tag", theme=first), command("tag", theme=second)]
        done = cases.perform(store, secretary(place), ids[-1], tags)
    no_theme = command("correct", replaces=done.refs[1], reason="Vergist", void=True)
    cases.perform(store, secretary(PLACES[1]), ids[1], [no_theme])
    talk = consulting.Told(
        today, "talk", ["vwn", "vajn"], [second, first], [OTHER.person], "GEHEIM"
    )
    talked = consulting.enter(store, ADVISER, talk)
    consulting.change(store, OTHER, talked, replace(talk, agreements="GEHEIM:\nafspraak"))
    gone = consulting.enter(store, ADVISER, replace(talk, themes=[], agreements=""))
    consulting.withdraw(store, ADVISER, gone)
    profile = {"stream": "asylum", "codes": ("A-1", "A-2"), "sources": ("Vc 2000 C1",)}
    stepping.alter(store, ADVISER, first, name="Nareis", profile=profile)
    numbers = [
        stepping.take(store, ADVISER, one, step)
        for one, step in (
            (second, Step("confirm", today)),
            (third, Step("reject", today, "Komt één keer voor.")),
            (first, Step("consult", today, consultation=talked)),
            (first, Step("send_out", today, "Doen.", owed_by="policy", due_on=today)),
            (first, Step("answer", today, "Gedaan.")),
            (second, Step("split", today, "Anders.", target=first, escalations=ids[:1])),
        )
    ]
    for step in (
        Step("reopen", today),
        Step("consult", today),
        Step("answer", today, "Gedaan."),
        Step("follow", today),
        Step("close", today, closed_as="solved"),
    ):
        stepping.take(store, ADVISER, third, step)
    stepping.take(store, ADVISER, first, Step("correct", today, "Vergist.", replaces=numbers[4]))
    stepping.take(store, ADVISER, first, Step("merge", today, "Eén.", target=second))
    letters.load(store, By("beheer"))
    told_of = signalling.enter(store, ADVISER, replace(SIGNAL, themes=[first]))
    signalling.change(store, OTHER, told_of, replace(SIGNAL, followed="Verzonnen."))
    for who in (ADVISER, OTHER):
        signalling.assess(store, who, told_of, signalling.Found("recognised", "Daarom."))
    reply = replace(SIGNAL, source="ind_staff", lawyers="no", title="GEHEIM")
    closed = [signalling.enter(store, ADVISER, reply) for _ in range(6)]
    signalling.withdraw(store, ADVISER, closed[0])
    test = testing.enter(store, ADVISER, TEST)
    testing.change(store, ADVISER, test, replace(TEST, reference="blz. 3"))
    testing.hear(store, ADVISER, test, testing.Heard("vwn", "partly", date(2022, 4, 1), "Deels."))
    testing.withdraw(store, ADVISER, testing.enter(store, ADVISER, TEST))
    made = adjusting.enter(store, ADVISER, replace(CHANGE, tests=[test], signals=[told_of]))
    adjusting.change(store, ADVISER, made, replace(CHANGE, tests=[test], status="in_force"))
    adjusting.withdraw(
        store, ADVISER, adjusting.enter(store, ADVISER, replace(CHANGE, themes=[third]))
    )
    brought = forum.bring(store, officer(PLACES[0]), "Komt terug.", ids[0])
    forum.conclude(store, ADVISER, brought, forum.Concluded(today, "", name="Uit het forum"))
    forum.conclude(store, ADVISER, brought, forum.Concluded(today, "Toch niet."))
    forum.withdraw(store, CHAIR, forum.bring(store, CHAIR, "Verzonnen."))
    return {"talk": talked, "reply": closed[1]}


def test_all_that_was_told_comes_in_elsewhere_and_goes_out_the_same(
    store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    of = recorded(store)
    first = taken_out(store, tmp_path / "first.jsonl")
    assert first.startswith(b'{"kind": "history", "version": 6}\n')
    assert bring_in(elsewhere, first, tmp_path) == []
    assert taken_out(elsewhere, tmp_path / "second.jsonl") == first
    assert told(elsewhere) == told(store)
    with reading(store) as connection:
        today = moments.today(connection)
    for as_of in (None, today, today - timedelta(days=1)):
        assert answered(elsewhere, as_of) == answered(store, as_of)
        for one in (store, elsewhere):
            with reading(one) as connection:
                found = counts(connection, date(2022, 1, 1), today, as_of)
            # Of four tags one was taken back and one moved; then all went into the other theme.
            assert found == ({} if as_of and as_of < today else {"wachttijd": 2})
    assert "medewerkers van de IND: 5" in " ".join(answered(elsewhere)[9])
    every = "select distinct subject, fact from ledger where subject = any('{%s}')"
    known = {*rows(elsewhere, every % ",".join(SUBJECTS))}
    assert known == {(one, fact) for one in SUBJECTS for fact in FACTS[one]}
    # What is closed stays so: a reply for who assesses, an agreement for who was there.
    with reading(elsewhere) as connection:
        assert signal(connection, of["reply"], closed=False) is None
        assert [*replies(connection).values()] == [5]
        talk = consultation(connection, of["talk"])
    assert talk
    assert consulting.may_read(OTHER.person, talk[1])
    assert not consulting.may_read(CHAIR.person, talk[1])
    with pytest.raises(Forbidden):
        consulting.withdraw(elsewhere, replace(ADVISER, person="beleid-3"), of["talk"])
    mine = "select count(*) from ledger where subject = 'signal' and import_id is null"
    assert rows(elsewhere, mine) == [(0,)]
    assert_sound(elsewhere)


def test_a_theme_that_came_with_an_older_file_and_changed_since_goes_out_as_it_was_told(
    store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    kou = {"kind": "theme", "id": "kou", "name": "Kou", "description": "Verzonnen."}
    old: list[Fields] = [{"kind": "history", "version": 2}, kou]
    assert bring_in(store, old, tmp_path) == []
    assert taken_out(store, tmp_path / "old.jsonl") == b"".join(map(encoded, old))
    themes.change(store, ADVISER, "kou", name="Koude")
    stepping.take(store, ADVISER, "kou", Step("close", closed_as="solved"))
    first = taken_out(store, tmp_path / "first.jsonl")
    assert bring_in(elsewhere, first, tmp_path) == []
    assert taken_out(elsewhere, tmp_path / "second.jsonl") == first
    with reading(elsewhere) as connection:
        known = theme(connection, "kou")
    assert known
    assert (known.name, known.state) == ("Koude", ThemeState.CLOSED)
    assert_sound(elsewhere)


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


def changed(number: int, with_: Fields) -> list[Fields]:
    lines = [dict(line) for line in GOOD]
    line = {**lines[number - 1], **with_}
    lines[number - 1] = {name: value for name, value in line.items() if value is not ...}
    return lines


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
        lines = changed(number, with_)
        found = {one.line: one for one in bring_in(store, lines, tmp_path)}
        assert number in found, (with_, found)
        first = found[number]
        assert first.ref == lines[number - 1].get("ref")
        said = code if code.startswith("refusal.") else f"problem.{code}"
        begins = words.say(said, **dict.fromkeys(NAMED, "\0")).partition("\0")[0]
        assert any(one.startswith(begins) for one in first.problems), (with_, first)
    for table in ("themes", "ledger", *KEPT):
        assert rows(store, f"select count(*) from {table}") == [(0,)]


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
    for one in (entered(0, "kou", "proposed"), entered(0, "regen")):
        theme_of_it = read(one)
        assert isinstance(theme_of_it, ThemeFact)
        assert not judge.enter(theme_of_it)
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
