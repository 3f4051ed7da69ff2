"""Spoils a legal history in every named way, one at a time, and says which line is then bad."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from .breakages import Scene, impossible, sequels, shapes
from .generator import NOW, encode
from .history import read
from .invent import Invention
from .lines import SHAPES, Fields
from .moments import amsterdam_day, parse_moment
from .walk import in_force, walk


@dataclass(frozen=True)
class Broken:
    """A spoilt file: `line` is bad by itself for `code`; later lines may be bad because of it."""

    name: str
    data: bytes
    line: int
    code: str


HEADER = b'{"kind": "history", "version": 1}'
FIRST = {
    "byte-order mark": (b"\xef\xbb\xbf" + HEADER, "byte_order_mark"),
    "version 2": (b'{"kind": "history", "version": 2}', "unknown_version"),
    "version as text": (b'{"kind": "history", "version": "1"}', "bad_version"),
    "version true": (b'{"kind": "history", "version": true}', "bad_version"),
    "no version": (b'{"kind": "history"}', "missing_field"),
    "header and more": (b'{"kind": "history", "version": 1, "by": "x"}', "unknown_field"),
    "unknown kind": (b'{"kind": "meeting", "id": "x"}', "bad_kind"),
    "national panel with location": (
        b'{"kind": "panel", "id": "x", "level": "national", "location": "Assen"}',
        "unknown_field",
    ),
    "local panel without location": (
        b'{"kind": "panel", "id": "x", "level": "local"}',
        "missing_field",
    ),
    "panel of an unknown level": (
        b'{"kind": "panel", "id": "x", "level": "regional", "location": "Assen"}',
        "bad_level",
    ),
    "panel with a blank id": (
        b'{"kind": "panel", "id": " ", "level": "local", "location": "Assen"}',
        "bad_id",
    ),
    "panel without id": (b'{"kind": "panel", "level": "national"}', "missing_field"),
    "panel with a ref": (
        b'{"kind": "panel", "id": "x", "level": "national", "ref": "x"}',
        "unknown_field",
    ),
}
LAST = {
    "header late": (HEADER, "header_not_first"),
    "empty line": (b"", "empty_line"),
    "empty line with CR LF": (b"\r", "empty_line"),
    "spaces alone": (b"  ", "empty_line"),
    "no JSON": (b"open", "not_json"),
    "an array": (b"[]", "not_an_object"),
    "a number": (b"1", "not_an_object"),
    "null": (b"null", "not_an_object"),
    "an empty object": (b"{}", "bad_action"),
    "an abyss": (b"[" * 100_000, "not_json"),
    "a huge number": (b'{"kind": ' + b"9" * 5000 + b"}", "not_json"),
}


def spoil_bytes(raw: bytes) -> dict[str, tuple[bytes, str]]:
    """The ways to spoil one good action line as bytes."""
    return {
        "not UTF-8": (raw[:-2] + b'\xff"}', "not_utf8"),
        "surrogate as bytes": (raw.replace(b'"actor": "', b'"actor": "\xed\xa0\x80'), "not_utf8"),
        "Latin-1": (raw.replace(b'"actor": "', b'"actor": "\xe9'), "not_utf8"),
        "cut short": (raw[:-1], "not_json"),
        "cut short after twins": (raw[:-1] + b',"with":{"x":1,"x":2}', "not_json"),
        "two on a line": (raw + raw, "not_json"),
        "comma too many": (raw[:-1] + b",}", "not_json"),
        "single quotes": (raw.replace(b'"actor"', b"'actor'"), "not_json"),
        "a tab inside a text": (raw.replace(b'"actor": "', b'"actor": "\t'), "not_json"),
        "field twice": (raw[:-1] + b', "actor": "x"}', "field_twice"),
        "field twice, the same": (raw[:-1] + b', "action": "open"}', "field_twice"),
        "field twice, once escaped": (raw[:-1] + b', "\\u0061ctor": "x"}', "field_twice"),
        "field twice, deeper": (
            raw[:-1] + b', "with": {"ground": "other", "ground": "other"}}',
            "field_twice",
        ),
        "byte-order mark inside": (b"\xef\xbb\xbf" + raw, "byte_order_mark"),
        "NUL in a name": (raw[:-1] + b', "x\\u0000": "x"}', "nul"),
        "null deeper": (raw[:-1] + b', "with": {"decideBy": null}}', "null"),
        "not a number": (raw[:-1] + b', "x": NaN}', "unknown_field"),
    }


def broken(lines: list[Fields], seed: int) -> Iterator[Broken]:
    """Spoil a generated history, once in every way that it has a line for."""
    rng = Invention(seed)
    rows = encode(lines).split(b"\n")[:-1]
    scenes = list(set_scenes(lines))
    rng.shuffle(scenes)
    # Whether a header may still follow a bad first line is a question the text leaves open.
    headless = rows[1:] if lines[0].get("kind") == "history" else rows
    for name, (row, code) in FIRST.items():
        yield inserted(name, headless, 0, row, code)
    for name, (row, code) in LAST.items():
        yield inserted(name, rows, len(rows), row, code)
    index = next(scene.index for scene in scenes if scene.fields["action"] != "correct")
    for name, (row, code) in spoil_bytes(rows[index]).items():
        yield replaced(name, rows, index, row, code)
    for name, code, spoil in [*shapes(), *sequels()]:
        found = [(scene.index, line) for scene in scenes if (line := spoil(scene)) is not None]
        if found:
            yield replaced(name, rows, found[0][0], compact(found[0][1]), code)
    for name, phase, action in impossible():
        for scene in [scene for scene in scenes if standing(scene) == (phase, False)][:1]:
            row = compact(out_of_turn(scene, action))
            yield inserted(name, rows, scene.index + 1, row, "phase")
    yield from broken_corrections(rows, scenes)
    yield from broken_panels(lines, rows)


def set_scenes(lines: list[Fields]) -> Iterator[Scene]:
    history = read(encode(lines), NOW)
    entries = list(history.entries.values())
    for number, entry in enumerate(entries):
        story = history.escalations[entry.fields["escalation"]]
        place = story.index(entry)
        yield Scene(
            entry.line - 1,
            entry.fields,
            story[:place],
            walk(in_force(story[:place]), history.panels),
            walk(in_force(story[: place + 1]), history.panels),
            [e.ref for e in entries[:number] if e not in story],
            entries[number - 1] if number else None,
            [line["id"] for line in lines[: entry.line] if line.get("kind") == "panel"],
        )


def standing(scene: Scene) -> tuple[str, bool]:
    """Phase after the line, and whether an inquiry in it already answers the question."""
    if not scene.after:
        return "-", False
    state = scene.after[-1].after
    return state.phase, state.phase == "in_inquiry" and state.answered


def out_of_turn(scene: Scene, action: str) -> Fields:
    """A line that is fine in itself, where the phase does not allow it."""
    shape = SHAPES[action]
    words = {
        "case": "Z-2022-0000000",
        "location": "Assen",
        "question": "decision",
        "ground": "other",
        "panel": "kdt-national",
        "meetingOn": "2024-01-01",
        "outcome": "held_over",
        "result": "carried_out",
    }
    details = {name: words.get(name, "Verzonnen") for name in shape.required}
    # An escalation whose open was voided has no day to follow.
    day = scene.after[-1].fields["occurredOn"] if scene.after else scene.fields["occurredOn"]
    return {
        "ref": "out-of-turn",
        "recordedAt": scene.fields["recordedAt"],
        "occurredOn": day,
        "actor": "iemand-anders",
        "role": shape.roles[0],
        "action": action,
        "escalation": scene.fields["escalation"],
        **details,
    }


def broken_corrections(rows: list[bytes], scenes: list[Scene]) -> Iterator[Broken]:
    """Corrections that a later action stands in the way of, or that suit no outcome."""
    for name, fits, extra in (
        ("void of an open that others stand on", others_stand, {"void": True}),
        ("open moved past what followed", others_stand, {"with": {"occurredOn": "today"}}),
        ("ruling for what was held over", held_over_last, {"with": {"ruling": "other"}}),
    ):
        for scene in [scene for scene in scenes if fits(scene)][:1]:
            target = scene.after[0 if fits is others_stand else -1].fields["ref"]
            fields = {**out_of_turn(scene, "correct"), "replaces": target, **extra}
            if extra.get("with") == {"occurredOn": "today"}:
                fields["with"] = {"occurredOn": recording_day(scene)}
            row = compact(fields)
            yield inserted(name, rows, scene.index + 1, row, "stands_in_the_way")


def others_stand(scene: Scene) -> bool:
    return len(scene.after) > 2 and scene.after[1].fields["occurredOn"] < recording_day(scene)


def held_over_last(scene: Scene) -> bool:
    return bool(scene.after) and scene.after[-1].fields.get("outcome") == "held_over"


def recording_day(scene: Scene) -> str:
    return amsterdam_day(parse_moment(scene.fields["recordedAt"])).isoformat()


def broken_panels(lines: list[Fields], rows: list[bytes]) -> Iterator[Broken]:
    """Panels known twice, or only after their first use."""
    index = next(i for i, line in enumerate(lines) if line.get("kind") == "panel")
    panel = lines[index]
    other = {**panel, "id": "kdt-tweede"}
    yield inserted("panel twice", rows, index + 1, rows[index], "panel_twice")
    yield inserted("two panels in one seat", rows, index + 1, compact(other), "seat_taken")
    user = next(i for i, line in enumerate(lines) if line.get("panel") == panel["id"])
    late = [*rows[:index], *rows[index + 1 :], rows[index]]
    yield Broken("panel after its first use", join(late), user, "unknown_panel")


def replaced(name: str, rows: list[bytes], index: int, row: bytes, code: str) -> Broken:
    return Broken(name, join([*rows[:index], row, *rows[index + 1 :]]), index + 1, code)


def inserted(name: str, rows: list[bytes], index: int, row: bytes, code: str) -> Broken:
    return Broken(name, join([*rows[:index], row, *rows[index:]]), index + 1, code)


def join(rows: list[bytes]) -> bytes:
    return b"".join(row + b"\n" for row in rows)


def compact(fields: Fields) -> bytes:
    """JSON in ASCII: a lone surrogate can only be written escaped."""
    return json.dumps(fields).encode()
