"""Invented cases about five subjects, each told in other words, and a record that holds them."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kdt.cases.importing import import_history
from kdt.store.engine import Store

# Of each subject what may be said of it, in turn.
SUBJECTS = {
    "pleegkind": (
        "Het pleegkind woonde al jaren bij de tante die nu hier verblijft.",
        "Een pleegouder vraagt gezinshereniging met twee pleegkinderen.",
        "De feitelijke gezinsband met het weeskind is niet met stukken te bewijzen.",
        "Pleegzorg werd in het dorp nooit op papier gezet, zeggen de pleegouders.",
    ),
    "ziekte": (
        "Betrokkene is ernstig ziek en krijgt dialyse in het ziekenhuis.",
        "De behandelend arts zegt dat medische zorg in het land van herkomst ontbreekt.",
        "Zonder medicijnen en behandeling ontstaat een medische noodsituatie.",
        "Reizen is volgens de artsen niet verantwoord zolang de behandeling duurt.",
    ),
    "verklaring": (
        "De verklaringen over de bekering wijken af van het eerste gehoor.",
        "In het nader gehoor vertelt zij anders over haar bekering en de kerkdiensten.",
        "De geloofwaardigheid van het asielrelaas staat of valt met deze verklaringen.",
        "De predikant bevestigt de doop, het gehoor deed hij niet bij.",
    ),
    "paspoort": (
        "Het paspoort ontbreekt en de ambassade geeft geen vervangend document af.",
        "Zonder geldig reisdocument wordt het paspoortvereiste tegengeworpen.",
        "De ambassade weigert schriftelijk een paspoort te verstrekken.",
        "Hij toont bewijsnood aan met brieven van het consulaat over documenten.",
    ),
    "studie": (
        "De student haalde te weinig studiepunten door een late inschrijving.",
        "De hogeschool meldt onvoldoende studievoortgang van de student.",
        "Het studiejaar liep vertraging op omdat de opleiding stopte.",
        "De universiteit vraagt de student een tweede kans te geven in de opleiding.",
    ),
}
_FILLING = (
    "Wij twijfelen of de regel hier recht doet aan de situatie.",
    "De termijn loopt over enkele weken af.",
    "De gemachtigde vraagt om maatwerk.",
    "Het beleid laat op dit punt weinig ruimte.",
)
QUERIES = {
    "pleegkind": "Nareis van een pleegkind: was er een gezinsband met de pleegouders?",
    "ziekte": "Zij is ziek, de arts wil de behandeling met medicijnen niet onderbreken.",
    "verklaring": "Over zijn bekering verklaart hij in het gehoor wisselend.",
    "paspoort": "De ambassade wil geen reisdocument of paspoort geven.",
    "studie": "Student met te weinig studiepunten, de opleiding meldt dat.",
}
BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
HERE, ELSEWHERE = "Den Bosch", "Ter Apel"


def texts(amount: int, seed: int = 1) -> list[tuple[str, str]]:
    """So many texts, each with its subject."""
    dice = random.Random(seed)
    made = []
    for number in range(amount):
        subject = [*SUBJECTS][number % len(SUBJECTS)]
        said = [*dice.sample(SUBJECTS[subject], 2), *dice.sample(_FILLING, 2)]
        dice.shuffle(said)
        made.append((subject, " ".join(said)))
    return made


def history(told: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Of each text an escalation that was decided: every other one here and elsewhere, brought by
    one of two officers of each place; every third one is closed."""
    lines: list[dict[str, Any]] = [
        {"kind": "panel", "id": f"kdt-{place[:3].lower()}", "level": "local", "location": place}
        for place in (HERE, ELSEWHERE)
    ]
    for number, (_, text) in enumerate(told):
        place = (HERE, ELSEWHERE)[number % 2]
        officer, at = f"officer-{place}-{number % 4 // 2}", BEGAN + timedelta(minutes=number)
        panel = {"panel": f"kdt-{place[:3].lower()}", "meetingOn": at.date().isoformat()}
        steps: list[dict[str, Any]] = [
            {
                "action": "open",
                "case": f"Z-{number}",
                "location": place,
                "question": "decision",
                "ground": "complex",
                "summary": text,
            },
            {"action": "submit"},
            {"action": "list", "role": "secretary", "actor": "secretaris", **panel},
            {
                "action": "consider",
                "role": "chair",
                "actor": "voorzitter",
                "outcome": "decided",
                "ruling": "in_favour",
                "reasons": f"Geheime reden {number}.",
            },
        ]
        if number % 3 == 0:
            deviated = {"result": "deviated", "reasons": "Verzonnen."}
            told_of_it = deviated if number % 2 else {"result": "carried_out"}
            steps.append({"action": "follow_through", **told_of_it})
        for step, given in enumerate(steps):
            lines.append(
                {
                    "ref": f"{number}-{step}",
                    "escalation": f"V-{number}",
                    "actor": officer,
                    "role": "officer",
                    "occurredOn": at.date().isoformat(),
                    "recordedAt": (at + timedelta(seconds=step)).isoformat(),
                    **given,
                }
            )
    return sorted(lines, key=lambda one: one.get("recordedAt", ""))


def bring_in(store: Store, folder: Path, told: list[tuple[str, str]]) -> None:
    """Import them."""
    file = folder / "invented.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in history(told)))
    report = import_history(store, file, by="beheer")
    assert not report.bad, report.bad[0]
