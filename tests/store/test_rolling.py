"""The release before works on while the new one migrates under it: nothing it recorded is lost or
out of place. It is taken from the history of the code: what stood before the newest migration."""

import io
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from kdt.store import migrate
from kdt.store.embedded import APPLICATION, OWNER, Server
from kdt.store.engine import Store, connect
from tests.support import assert_sound

ROOT = Path(__file__).parents[2]
_MIGRATE = "import sys; from kdt.store import migrate; migrate.upgrade(sys.argv[1])"
# Whoever is refused because of a lock asks again, as people do.
_WORK = """
import os, sys
import kdt
from kdt.errors import Unavailable
from kdt.store.engine import Store, connect
from tests.service.test_together import PLACES, bring, prepare
url, stop = sys.argv[1:]
engine = connect(url)
store = Store(engine, url, engine.dispose)
day = prepare(store)
print(kdt.__file__, flush=True)
done, refused = 0, 0
while not os.path.exists(stop) and refused < 100:
    try:
        bring(store, PLACES[done % 2], f"Z-{done}", day)
        done += 1
        print(done, flush=True)
    except Unavailable:
        refused += 1
"""

pytestmark = pytest.mark.slow


def _git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """The code as it stood before the newest migration."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is not a clone: the code came without its history")
    assert _git("rev-parse", "--is-shallow-repository") == b"false\n", (
        "this clone is shallow, so the release before is not in it: git fetch --unshallow"
    )
    newest = (
        _git("log", "-1", "--diff-filter=A", "--format=%H", "--", "migrations/versions")
        .decode()
        .strip()
    )
    packed = _git("archive", f"{newest}^", "kdt", "migrations", "tests")
    folder = tmp_path / "before"
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        tar.extractall(folder, filter="data")
    return folder


def test_the_release_before_works_on_while_the_new_one_migrates(
    before: Path, database_server: tuple[Server, int, str], empty_database: str, tmp_path: Path
) -> None:
    held, stop = database_server[0], tmp_path / "stop"
    owner, application = (held.url(role, empty_database) for role in (OWNER, APPLICATION))
    # From its own folder, Python takes its code before ours.
    python = [sys.executable, "-c"]
    subprocess.run([*python, _MIGRATE, owner], cwd=before, check=True)
    assert migrate.current(owner) != migrate.head()
    with subprocess.Popen(
        [*python, _WORK, application, str(stop)], cwd=before, stdout=subprocess.PIPE, text=True
    ) as old:
        assert old.stdout
        assert old.stdout.readline().startswith(str(before))
        for _ in range(5):
            old.stdout.readline()
        migrate.upgrade(owner)
        after = [old.stdout.readline() for _ in range(20)]
        stop.touch()
        done = int([*after, *old.stdout.read().split()][-1])
    assert old.returncode == 0
    assert migrate.current(owner) == migrate.head()
    assert done > 20
    engine = connect(application)
    with Store(engine, application, engine.dispose) as store:
        assert_sound(store)
        with engine.connect() as connection:
            recorded = connection.exec_driver_sql("select count(*) from entries").scalar_one()
    assert recorded == 3 * done
