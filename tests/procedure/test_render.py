"""What is drawn from the table says what the table says."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

from kdt import docs, words
from kdt.procedure import CURRENT, picture, render
from kdt.vocabulary import Action, Outcome, Phase, Question, Role

from .moves import VERSION_1, reachable

SVG = "{http://www.w3.org/2000/svg}"


def test_the_graph_has_every_way_on_and_no_other() -> None:
    drawn = {
        (source, edge.key, edge.to.phase)
        for edge in render.graph(VERSION_1)
        for source in edge.sources
    }
    taken = {
        (
            step.before.phase if step.before else None,
            f"outcome.{step.act.values['outcome']}"
            if step.act.action is Action.CONSIDER
            else f"action.{step.act.action}",
            step.after.phase,
        )
        for step in reachable(VERSION_1)
        if step.act.action is not Action.TAG
    }
    assert drawn == taken


def test_the_rows_for_a_page_are_in_dutch() -> None:
    rows = render.rules_in_words(CURRENT, words.say)
    assert len(rows) == len(CURRENT.rules)
    opening, submission = rows[:2]
    assert (opening.action, opening.phases, opening.roles) == (Action.OPEN, (), (Role.OFFICER,))
    assert opening.inputs[0] == "zaaknummer"
    assert (submission.phases, submission.to) == ((Phase.DRAFT,), "in de wachtrij, eerste niveau")


def test_the_outcomes_for_a_page_are_in_dutch() -> None:
    rows = {row.outcome: row for row in render.outcomes_in_words(CURRENT, words.say)}
    assert list(rows) == list(Outcome)
    assert rows[Outcome.DECIDED].questions == (Question.DECISION,)
    assert rows[Outcome.HELD_OVER].questions == (), "open to every question"
    assert rows[Outcome.UNRESOLVED].levels == "alleen het hoogste niveau"
    assert rows[Outcome.REFERRED_UP].to == "in de wachtrij, volgende niveau"


def test_the_mermaid_diagram_has_an_arrow_for_every_pair_of_phases() -> None:
    arrows = re.findall(r"^ {4}(\S+) --> (\w+): (.+)$", render.mermaid(CURRENT), re.MULTILINE)
    pairs = {(source, target) for source, target, _ in arrows}
    assert len(pairs) == len(arrows)
    assert pairs == {
        (source or "[*]", edge.to.phase)
        for edge in render.graph(CURRENT)
        for source in edge.sources
    }


def test_the_picture_has_a_lane_for_every_phase_and_an_arrow_for_every_way_on() -> None:
    drawing = ET.fromstring(picture.svg(CURRENT, words.say))
    labels = [one.text for one in drawing.iter(f"{SVG}text")]
    edges = render.graph(CURRENT)
    assert set(labels) == {
        *(words.say(f"phase.{phase}") for phase in Phase),
        *(words.say(edge.key) for edge in edges),
    }
    assert len(list(drawing.iter(f"{SVG}path"))) == len(edges)
    assert len(list(drawing.iter(f"{SVG}circle"))) == sum(len(edge.sources) for edge in edges)
    assert "style" not in picture.svg(CURRENT, words.say), "the page allows no inline style"


def test_words_in_a_picture_are_text_and_never_markup() -> None:
    drawing = picture.svg(CURRENT, lambda key: "<b>&" + key)
    assert "<b>" not in drawing
    ET.fromstring(drawing)


def test_the_documents_are_up_to_date() -> None:
    assert docs.stale(docs.FOLDER) == []


def test_a_stale_document_is_noticed(tmp_path: Path) -> None:
    assert docs.stale(tmp_path) == list(docs.DOCUMENTS)
    docs.write(tmp_path)
    assert docs.stale(tmp_path) == []
    document = tmp_path / "procedure.md"
    document.write_text(document.read_text("utf-8").replace("officer", "officers", 1), "utf-8")
    assert docs.stale(tmp_path) == ["procedure.md"]
