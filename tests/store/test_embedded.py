"""KDT's own PostgreSQL: durable, private, shared between processes, back after a kill."""

import fcntl
import os
import pwd
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from kdt.errors import Unavailable
from kdt.store import cluster, embedded
from kdt.store.embedded import APPLICATION, OWNER, Server

# Another KDT process: takes hold, says so, and lets go when its input ends.
_HOLDER = """
import sys
from pathlib import Path
from kdt.store import embedded
held = embedded.acquire(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
held.release()
"""


def show(held: Server, name: str, role: str = OWNER) -> str:
    with connect(held, role) as connection:
        row = connection.execute("select current_setting(%s)", (name,)).fetchone()
    assert row
    return str(row[0])


def connect(held: Server, role: str = OWNER) -> psycopg.Connection:
    return psycopg.connect(held.url(role).replace("+psycopg", ""), autocommit=True)


def another_process(home: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "held\n"
    return process


def postmaster(held: Server) -> int:
    return int((held.cluster.data / "postmaster.pid").read_text().split("\n")[0])


def runs(home: Path) -> bool:
    """Whether a server still carries its lock; a process number may linger after its end."""
    with (home / "postgres.alive").open() as alive:
        try:
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def ends(home: Path) -> bool:
    """Whether it carries it no longer within half a minute: what writes its log goes last."""
    until = time.monotonic() + 30
    while runs(home) and time.monotonic() < until:
        time.sleep(0.05)
    return not runs(home)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("private") / "kdt"


def test_it_is_postgresql_18_and_keeps_what_it_acknowledged(home: Path) -> None:
    cluster.locate(home).create()
    local = home / "postgres" / "local.conf"
    local.write_text("fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n")
    held = embedded.acquire(home)
    try:
        assert show(held, "server_version_num").startswith("18")
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
            assert show(held, setting, APPLICATION) == "on"
        assert show(held, "server_encoding") == "UTF8"
    finally:
        held.release()
        local.unlink()


def test_it_listens_in_a_private_folder_and_nowhere_else(home: Path) -> None:
    held = embedded.acquire(home)
    try:
        assert show(held, "listen_addresses") == ""
        assert held.cluster.socket.stat().st_mode & 0o077 == 0
        assert home.stat().st_mode & 0o077 == 0
    finally:
        held.release()


def test_text_sorts_the_same_on_every_machine(home: Path) -> None:
    with embedded.server(home) as url, psycopg.connect(url.replace("+psycopg", "")) as connection:
        rows = connection.execute("select x from (values ('é'), ('a'), ('Z')) v(x) order by x")
        assert [row[0] for row in rows] == ["Z", "a", "é"]


def test_the_application_cannot_make_or_own_anything(home: Path) -> None:
    held = embedded.acquire(home)
    try:
        with connect(held, APPLICATION) as connection:
            row = connection.execute(
                "select rolsuper or rolcreatedb or rolcreaterole or rolbypassrls from pg_roles"
                " where rolname = current_user"
            ).fetchone()
            assert row == (False,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("create table mine (x int)")
    finally:
        held.release()


def test_the_last_process_out_stops_it(home: Path) -> None:
    first = another_process(home)
    held = embedded.acquire(home)
    first.communicate("")
    assert first.returncode == 0
    assert show(held, "server_version_num")
    held.release()
    assert ends(home)


def test_a_killed_process_leaves_it_to_the_next(home: Path) -> None:
    killed = another_process(home)
    held = embedded.acquire(home)
    pid = postmaster(held)
    held.release()
    assert runs(home)
    killed.kill()
    killed.communicate()
    adopted = embedded.acquire(home)
    assert postmaster(adopted) == pid
    adopted.release()
    assert ends(home)


def test_a_killed_server_recovers_what_was_committed(home: Path) -> None:
    held = embedded.acquire(home)
    with connect(held) as connection:
        connection.execute("create table kept as select 42 as answer")
    pid = postmaster(held)
    os.kill(pid, signal.SIGKILL)
    again = embedded.acquire(home)
    assert postmaster(again) != pid
    with connect(again) as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)
        connection.execute("drop table kept")
    again.release()
    held.release()
    assert ends(home)


def test_a_process_number_that_someone_else_has_now_is_no_obstacle(home: Path) -> None:
    cluster.locate(home).create()
    command = ["/bin/sleep", "60"]
    if os.geteuid() == 0:
        # PostgreSQL only minds processes of its own user.
        user = pwd.getpwnam("nobody")
        launcher = Path(cluster.__file__).with_name("unprivileged.py")
        command = [sys.executable, str(launcher), str(user.pw_uid), str(user.pw_gid), *command]
    sleeper = subprocess.Popen(command)
    for file in (home / "postgres" / "postmaster.pid", home / "socket" / ".s.PGSQL.5432.lock"):
        file.write_text(f"{sleeper.pid}\n{home}/postgres\n")
    with embedded.server(home) as url, psycopg.connect(url.replace("+psycopg", "")) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    sleeper.kill()
    sleeper.wait()


def test_many_processes_at_once_share_one_new_server(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _HOLDER, str(tmp_path / "new")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        out, _ = process.communicate(timeout=120)
        assert (out, process.returncode) == ("held\n", 0)
    assert not (tmp_path / "new" / "postgres" / "postmaster.pid").exists()


def test_a_half_made_folder_is_made_anew(tmp_path: Path) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    where = cluster.locate(tmp_path)
    where.create()
    assert not half.exists()
    assert (where.data / "global").is_dir()


def test_data_of_another_version_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(Unavailable, match=r"van PostgreSQL 16; deze KDT werkt met 18\."):
        embedded.acquire(tmp_path)


def test_a_server_that_cannot_start_says_where_to_look(tmp_path: Path) -> None:
    where = cluster.locate(tmp_path)
    where.create()
    (where.data / "local.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(Unavailable, match=r"start niet: zie .*start\.log"):
        embedded.acquire(tmp_path)


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = cluster.locate(tmp_path)
    where.create()
    (where.data / "local.conf").write_text("no_such_setting = 1\n")
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(Unavailable, match="De schijf is vol"):
        embedded.acquire(tmp_path)


def test_a_home_that_is_a_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable, match=r"KDT kan niet werken in .*file"):
        embedded.acquire(tmp_path / "file")


def test_a_long_path_still_gets_a_socket(tmp_path: Path) -> None:
    home = tmp_path / ("lang" * 15) / ("pad" * 20)
    held = embedded.acquire(home)
    try:
        assert show(held, "server_version_num")
        assert len(str(held.cluster.socket)) < 40
        assert held.cluster.socket.stat().st_mode & 0o077 == 0
    finally:
        held.release()
        held.cluster.socket.rmdir()


def test_a_socket_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "socket").mkdir(mode=0o755)
    with pytest.raises(Unavailable, match="niet van KDT alleen"):
        embedded.acquire(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_as_root_the_server_runs_as_an_ordinary_user(home: Path) -> None:
    held = embedded.acquire(home)
    try:
        status = Path(f"/proc/{postmaster(held)}/status").read_text()
        uids = next(line for line in status.splitlines() if line.startswith("Uid:"))
        assert "0" not in uids.split()[1:]
    finally:
        held.release()


def test_a_server_that_cannot_end_in_order_is_ended_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_STOP_SECONDS", 2)
    held = embedded.acquire(tmp_path)
    with connect(held, cluster.SUPERUSER) as connection:
        connection.execute("create table kept as select 1 as one")
        found = connection.execute(
            "select pid from pg_stat_activity where backend_type = 'checkpointer'"
        ).fetchone()
    assert found
    # As on a full disk: the last checkpoint never comes.
    os.kill(int(found[0]), signal.SIGSTOP)
    held.release()
    assert ends(tmp_path)
    again = embedded.acquire(tmp_path)
    with connect(again, cluster.SUPERUSER) as connection:
        assert connection.execute("select one from kept").fetchall() == [(1,)]
    again.release()
