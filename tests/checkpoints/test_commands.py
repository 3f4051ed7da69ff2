"""`kdt checkpoint`, `verify --checkpoint`, `proof` and `verifier`, as they are typed."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from kdt.cli import cli
from kdt.errors import KdtError
from kdt.store.engine import Store
from tests.checkpoints.test_service import imported, spoil

__all__ = ["imported"]


class Typed:
    """Commands typed with checkpoints in a folder and their key in another."""

    def __init__(self, store: Store, home: Path) -> None:
        self.home = home
        self.kept, self.key = home / "elders", home / "key.pem"
        self._environment = {"KDT_HOME": str(home), "KDT_DATABASE_URL": store.url}
        self.public = self("checkpoint", "new-key", str(self.key)).stdout.strip()
        self._environment |= {
            "KDT_CHECKPOINT_TO": str(self.kept),
            "KDT_CHECKPOINT_KEY": str(self.key),
        }

    def __call__(self, *arguments: str, **environment: str) -> Result:
        settings = {**self._environment, **environment}
        return CliRunner().invoke(cli, arguments, env=settings)

    def verifier(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The verifier that stands alone, as its own file, knowing nothing of where KDT is."""
        file = self.home / "alone" / "verify.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(self("verifier").stdout)
        return subprocess.run(
            [sys.executable, "-I", str(file), *arguments],
            cwd=file.parent,
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture
def typed(imported: Store, tmp_path: Path) -> Typed:
    return Typed(imported, tmp_path)


def test_one_is_made_listed_and_verified_against(typed: Typed) -> None:
    assert re.fullmatch("[0-9a-f]{64}", typed.public)
    assert typed("checkpoint", "key").stdout.strip() == typed.public
    made = typed("checkpoint")
    assert re.fullmatch(
        r"IJkpunt 1 van \d+ \w+ \d{4} om \d\d:\d\d: 36 registraties\.\n", made.stdout
    ), made.output
    typed("checkpoint")
    listed = typed("checkpoint", "list")
    assert (listed.exit_code, len(listed.stdout.splitlines())) == (0, 2)
    done = typed("verify")
    assert done.exit_code == 0, done.output
    held, exposed, sound = done.stdout.splitlines()
    assert held.startswith("Gehouden tegen ijkpunt 2 van ")
    assert held.endswith(": 36 registraties in 11 ketens.")
    assert exposed.endswith("nog door geen ijkpunt gedekt: 0 registraties in 0 ketens.")
    assert sound.startswith("Alles klopt.")
    read = json.loads(typed("verify", "--format", "json").stdout)["checkpoint"]
    assert (read["number"], read["entries"], read["exposedEntries"]) == (2, 36, 0)


def test_a_named_checkpoint_needs_its_key(typed: Typed) -> None:
    typed("checkpoint")
    off = {"KDT_CHECKPOINT_TO": "", "KDT_CHECKPOINT_KEY": ""}
    for given in (str(typed.kept), str(typed.kept / "checkpoint-000001.json")):
        done = typed("verify", "--checkpoint", given, "--key", typed.public, **off)
        assert done.exit_code == 0, done.output
        assert done.stdout.startswith("Gehouden tegen ijkpunt 1 van ")
        refused = typed("verify", "--checkpoint", given, **off)
        assert "Geef met --key" in str(refused.exception)
        other = typed("verify", "--checkpoint", given, "--key", "0" * 64, **off)
        assert "niet met deze sleutel ondertekend" in str(other.exception)
        wrong = typed("verify", "--checkpoint", given, "--key", "sleutel", **off)
        assert "is 64 tekens" in str(wrong.exception)
        assert isinstance(wrong.exception, KdtError)


def test_what_was_tampered_with_is_named_and_gets_no_new_checkpoint(
    typed: Typed, owner_url: str
) -> None:
    typed("checkpoint")
    spoil(owner_url, "entries", "update entries set hash = sha256(hash) where ref = 'V-000002-01'")
    done = typed("verify")
    assert done.exit_code == 1
    assert "Voorlegging V-000002, registratie 1: de hash hoort niet bij" in done.stdout


def test_without_a_checkpoint_or_with_an_old_one_it_says_so(typed: Typed, imported: Store) -> None:
    done = typed("verify")
    assert (done.exit_code, done.stdout.splitlines()[0]) == (
        1,
        "De ijkpunten: er is nog geen ijkpunt gemaakt, dus niets is gedekt.",
    )
    typed("checkpoint")
    (typed.kept / "checkpoint-000001.json").write_text("{}\n")
    done = typed("verify")
    assert done.exit_code == 1
    assert done.stdout.startswith("De ijkpunten: het nieuwste is niet te gebruiken. Het bestand ")


def test_a_checkpoint_taken_out_shows_in_the_list(typed: Typed) -> None:
    for _ in range(3):
        typed("checkpoint")
    (typed.kept / "checkpoint-000002.json").unlink()
    listed = typed("checkpoint", "list")
    assert listed.exit_code == 1
    first, third = listed.stdout.splitlines()
    assert "volgt niet" not in first
    assert third.endswith("Dit volgt niet op het vorige ijkpunt.")


def test_without_settings_there_is_no_place_for_one(typed: Typed) -> None:
    for command in ([], ["list"], ["key"]):
        done = typed("checkpoint", *command, KDT_CHECKPOINT_TO="", KDT_CHECKPOINT_KEY="")
        assert "Stel eerst KDT_CHECKPOINT_TO en KDT_CHECKPOINT_KEY in" in str(done.exception)


def test_a_proof_is_verified_by_a_program_that_stands_alone(typed: Typed) -> None:
    typed("checkpoint")
    file = typed.home / "bewijs.jsonl"
    assert typed("proof", str(file)).exit_code == 0
    assert "samenvatting" not in file.read_text()
    assert '"apart"' not in file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    done = typed.verifier(str(file), "--key", typed.public)
    assert (done.returncode, done.stderr) == (0, "")
    assert "36 registraties in 11 ketens, 0 teksten en namen" in done.stdout
    assert "Bevindingen: 0." in done.stdout


def test_with_texts_their_digests_are_verified_too(typed: Typed) -> None:
    typed("checkpoint")
    file = typed.home / "bewijs.jsonl"
    typed("proof", str(file), "--with-texts")
    assert typed.verifier(str(file), "--key", typed.public).returncode == 0
    lines = file.read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if '"field": "summary"' in line)
    line = json.loads(lines[at])
    changed = [*lines[:at], json.dumps({**line, "text": "Iets anders."}), *lines[at + 1 :]]
    file.write_text("\n".join(changed))
    done = typed.verifier(str(file), "--key", typed.public)
    assert done.returncode == 1
    assert "registratie 1: heeft een tekst of naam die er niet bij hoort (summary)." in done.stdout


def test_a_proof_of_a_tampered_record_is_held_against_a_checkpoint_kept_elsewhere(
    typed: Typed, imported: Store, owner_url: str
) -> None:
    typed("checkpoint")
    spoil(
        owner_url,
        "ledger",
        "update ledger set content = sha256(content), hash = sha256(hash) where subject = 'panel'",
    )
    file = typed.home / "bewijs.jsonl"
    typed("proof", str(file))
    for more in ([], ["--checkpoint", str(typed.kept / "checkpoint-000001.json")]):
        done = typed.verifier(str(file), "--key", typed.public, *more)
        assert done.returncode == 1
        with imported.engine.connect() as connection:
            panels = connection.scalars(text("select id from panels")).all()
        for panel in panels:
            assert f"ledger:panel {panel}, registratie 1: is niet te lezen" in done.stdout


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "er staat geen ijkpunt in"),
        ('{"kind": "history", "version": 1}\n', "dit is geen bewijsbestand"),
        ("{\n", "regel 1 is niet te lezen"),
    ],
)
def test_what_is_no_proof_is_one_sentence(typed: Typed, content: str, sentence: str) -> None:
    file = typed.home / "bewijs.jsonl"
    file.write_text(content)
    done = typed.verifier(str(file), "--key", typed.public)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(rf"Niet na te rekenen: {sentence}[^\n]*\.\n", done.stderr)


def test_a_proof_without_or_with_another_key_is_not_verified(typed: Typed) -> None:
    file = typed.home / "bewijs.jsonl"
    typed("checkpoint")
    typed("proof", str(file))
    done = typed.verifier(str(file), "--key", "0" * 64)
    assert done.returncode == 2
    assert "niet met deze sleutel ondertekend" in done.stderr
    assert typed.verifier(str(file)).returncode == 2


def test_the_verifier_needs_nothing_but_python(typed: Typed) -> None:
    source = typed("verifier").stdout
    imported = set(re.findall(r"^(?:from|import) (\w+)", source, re.MULTILINE))
    assert imported <= sys.stdlib_module_names
