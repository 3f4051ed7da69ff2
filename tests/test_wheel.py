"""The wheel in an empty environment, used from another folder."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.support import free_port

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def kdt(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed from a folder with the locked parts and without a network."""
    folder, wheels = tmp_path_factory.mktemp("empty"), tmp_path_factory.mktemp("wheels")
    # The pip of the tests does, from outside, what one in the folder would.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    locked = ["--require-hashes", "-r", str(ROOT / "requirements.lock")]
    # As `make wheels` collects them.
    collect = [*pip, "download", "-q", "--only-binary", ":all:", "-d", str(wheels)]
    subprocess.run([*collect, *locked], check=True)
    shutil.copy(wheel, wheels)
    install = [*pip, "install", "-q", "--no-compile", "--no-index", "--find-links", str(wheels)]
    subprocess.run([*install, "kdt"], check=True)
    return folder / "bin" / "kdt"


def environment(**own: str) -> dict[str, str]:
    """Ours without what could lead back to the checkout or to another database."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KDT_", "PYTHON", "VIRTUAL"))}
    return {**kept, **own}


def test_it_holds_what_it_needs_and_no_more(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"kdt", "api", "migrations"}
    for needed in (
        "migrations/env.py",
        "kdt/store/postgresql.conf",
        "api/pages/static/vendor/htmx.js",
        "api/pages/static/vendor/utrecht.css",
    ):
        assert needed in names
    assert not [name for name in names if "node_modules" in name or name.startswith("api/assets")]


def test_it_migrates_its_own_database_and_finds_nothing_missing(kdt: Path, tmp_path: Path) -> None:
    for command in ("up", "check"):
        subprocess.run([str(kdt), "migrate", command], cwd=tmp_path, env=environment(), check=True)
    assert (tmp_path / "var" / "postgres" / "PG_VERSION").read_text() == "18\n"
    assert not (tmp_path / "var" / "postgres" / "postmaster.pid").exists()


def test_it_serves_a_page_and_its_assets_and_ends_politely(kdt: Path, tmp_path: Path) -> None:
    port = free_port()
    server = subprocess.Popen(
        [str(kdt), "serve"], cwd=tmp_path, env=environment(KDT_PORT=str(port))
    )
    try:
        address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(address, timeout=10) as page:
                    assert 'lang="nl"' in page.read().decode()
                break
            except urllib.error.URLError:
                assert server.poll() is None, "the server ended"
                assert time.monotonic() < until
                time.sleep(0.2)
        with urllib.request.urlopen(f"{address}/static/vendor/utrecht.css", timeout=10) as asset:
            assert asset.headers.get_content_type() == "text/css"
    finally:
        server.terminate()
        server.wait(timeout=60)
    assert not (tmp_path / "var" / "postgres" / "postmaster.pid").exists()
