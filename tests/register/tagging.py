"""Invented histories with themes: shown by some escalations, by none or by several."""

from random import Random

THEMES = ("documenten", "reistijd")


def tagged(rng: Random, lines: list[dict[str, object]]) -> list[dict[str, object]]:
    """The same history with themes shown by some escalations, by none or by several."""
    voided = {line["escalation"] for line in lines if line.get("void")}
    said: list[dict[str, object]] = [{"kind": "history", "version": 2}]
    said.extend({"kind": "theme", "id": one, "name": one, "description": ""} for one in THEMES)
    for line in lines:
        if line.get("kind") == "history":
            continue
        said.append(line)
        if line.get("action") == "submit" and line["escalation"] not in voided:
            for theme in rng.sample(THEMES, rng.choice([0, 1, 1, 2])):
                common = {name: line[name] for name in ("recordedAt", "occurredOn", "escalation")}
                said.append(
                    {
                        **common,
                        "ref": f"{line['ref']}-{theme}",
                        "actor": "o",
                        "role": "officer",
                        "action": "tag",
                        "theme": theme,
                    }
                )
    return said
