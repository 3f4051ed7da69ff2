"""What was recorded in the product itself goes out and comes in elsewhere, themes and all."""

from pathlib import Path

from kdt.access.permissions import Actor
from kdt.cases import service
from kdt.cases.exporting import export_history
from kdt.cases.importing import import_history
from kdt.store.engine import Store
from kdt.themes import service as themes
from kdt.vocabulary import Role
from tests.service.test_together import PLACES, bring, command, officer, prepare, secretary
from tests.support import assert_sound

ADVISER = Actor("adviseur", Role.POLICY_ADVISER)


def test_what_the_product_recorded_comes_in_elsewhere(
    store: Store, elsewhere: Store, tmp_path: Path
) -> None:
    today = prepare(store)
    theme = themes.add(store, ADVISER, "Nareis: „éénoudergezin”", "Verzonnen")
    for place in PLACES:
        listed = bring(store, place, f"Z-{place}", today)
        decided = command("consider", outcome="decided", ruling="other", reasons="Verzonnen “a”")
        done = service.perform(
            store,
            secretary(place),
            listed.escalation,
            [decided, command("tag", theme=theme.id)],
        )
        no_theme = command("correct", replaces=done.refs[1], reason="Verzonnen", void=True)
        service.perform(store, secretary(place), listed.escalation, [no_theme])
        waiting = bring(store, place, "Z-1", today, listed=False)
        right = {"case": f"Z-{place}", "decideBy": "2030-01-01"}
        case = {"replaces": waiting.refs[0], "reason": "Verzonnen", "with": right}
        service.perform(store, officer(place), waiting.escalation, [command("correct", **case)])
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    export_history(store, first, by="tester")
    assert first.read_bytes().startswith(b'{"kind": "history", "version": 6}\n')
    assert import_history(elsewhere, first, by="beheer").bad == []
    export_history(elsewhere, second, by="tester")
    assert second.read_bytes() == first.read_bytes()
    assert_sound(elsewhere)
