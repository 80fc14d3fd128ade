"""A PostgreSQL server for tests: one that is told, or one of this machine, on loopback.

``GRIDWRIGHT_TEST_POSTGRES`` is the address of a database that tests may fill. Otherwise the server
that Debian, Ubuntu or Homebrew install is started in a folder of its own, and stopped at the end.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

__all__ = ["WHY_NOT", "postgres_running"]

WHY_NOT = (
    "there is no PostgreSQL server: install postgresql, put its initdb on the PATH, or give "
    "GRIDWRIGHT_TEST_POSTGRES=postgresql://host/database"
)
_PLACES = ("/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/pgsql")
_MOST_SECONDS = 60.0


@contextmanager
def postgres_running() -> Iterator[str | None]:
    """Start a server and yield the address of its database; None: there is none."""
    if told := os.environ.get("GRIDWRIGHT_TEST_POSTGRES"):
        yield told
        return
    programs = _programs()
    if programs is None:
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="gridwright-pg-"))
    # It refuses to run as root.
    user = _other_user()
    if user is not None:
        os.chown(folder, user, -1)
    try:
        yield from _started(programs, folder, user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(programs: Path, folder: Path, user: int | None) -> Iterator[str]:
    data, port = folder / "data", _free_port()
    subprocess.run(  # noqa: S603  # programs of this machine
        [programs / "initdb", "--auth=trust", "--username=gridwright", "--encoding=UTF8",
         "--no-sync", "-D", data],
        check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    server = subprocess.Popen(  # noqa: S603  # programs of this machine
        [programs / "postgres", "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder,
         "-c", "max_connections=200"],
        user=user, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"postgresql://gridwright@127.0.0.1:{port}/postgres"
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _MOST_SECONDS
    while True:
        try:
            psycopg.connect(address, connect_timeout=5).close()
        except psycopg.OperationalError:
            if time.monotonic() > until or server.poll() is not None:
                raise
            time.sleep(0.05)
        else:
            return


def _programs() -> Path | None:
    """Return the folder with initdb and postgres, of the newest version that there is."""
    on_path = shutil.which("initdb")
    found = [Path(on_path).parent] if on_path else []
    for place in _PLACES:
        base = Path(place)
        parts = ("*/bin/initdb", "postgresql*/bin/initdb", "bin/initdb")
        found += sorted((path.parent for part in parts for path in base.glob(part)), reverse=True)
    return next((folder for folder in found if (folder / "postgres").exists()), None)


def _other_user() -> int | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    return None


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
