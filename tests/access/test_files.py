"""Where tickets are kept on disk: who can read them, and what happens when files are odd."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs
from tests.sending.support import START as NOW
from tests.sending.support import value_of

from gridwright_runtime.access import files
from gridwright_runtime.access.files import FileLoginStore
from gridwright_runtime.access.kept_result import KeptResult
from gridwright_runtime.errors import ConfigurationError
from gridwright_runtime.private_folder import open_private

from .support import GET_TICKETED, USER, TicketService, ticket_caller

ACCOUNT = "0" * 32
GRANT = KeptResult(
    value="TGT-1-invented",
    issuer="https://cas.invalid",
    issued_at=NOW,
    last_used_at=NOW + timedelta(seconds=1),
    login=3,
    address="https://cas.invalid/TGT-1-invented",
    vain_at=NOW,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "tickets"


def served(service: TicketService, folder: Path) -> bool:
    """Make a call whose login is kept in a folder."""
    one = ticket_caller("sync", service, login_store=None, login_folder=folder)
    return value_of(one.call(GET_TICKETED)) == "served"


def save(store: FileLoginStore, kept_result: KeptResult = GRANT) -> None:
    release = store.try_hold(ACCOUNT)
    assert release is not None
    store.save(ACCOUNT, kept_result)
    release()


def test_what_is_saved_is_loaded(folder: Path) -> None:
    save(FileLoginStore(folder))
    assert FileLoginStore(folder).load(ACCOUNT) == GRANT
    assert FileLoginStore(folder).load("1" * 32) is None


def test_the_owner_alone_can_read(folder: Path) -> None:
    before = os.umask(0)
    try:
        assert served(TicketService(), folder)
    finally:
        os.umask(before)
    assert folder.stat().st_mode & 0o777 == 0o700
    found = list(folder.iterdir())
    assert sorted(path.suffix for path in found) == [".json", ".lock"]
    for path in found:
        assert path.stat().st_mode & 0o777 == 0o600
        assert USER not in path.name
        assert "cas" not in path.name


def test_an_account_is_held_by_one(folder: Path) -> None:
    one, other = FileLoginStore(folder), FileLoginStore(folder)
    release = one.try_hold(ACCOUNT)
    assert release is not None
    assert one.try_hold(ACCOUNT) is None
    assert other.try_hold(ACCOUNT) is None
    again = other.try_hold("1" * 32)
    assert again is not None
    again()
    release()
    release()  # does nothing
    again = other.try_hold(ACCOUNT)
    assert again is not None
    again()


def test_no_file_stays_open(folder: Path) -> None:
    store = FileLoginStore(folder)
    descriptors = Path("/proc/self/fd")
    if not descriptors.exists():
        pytest.skip("no /proc")
    save(store)
    before = len(list(descriptors.iterdir()))
    for _ in range(20):
        save(store)
        store.load(ACCOUNT)
        release = store.try_hold(ACCOUNT)
        assert store.try_hold(ACCOUNT) is None
        assert release is not None
        release()
    assert len(list(descriptors.iterdir())) == before


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b'{"ticket": 1}', b"\xff", b"x" * 2_000_000),
        *(b'{"\xe2": 1}', b'{"ticket": "\xe2"}', b"[" * 100_000),
    ],
    ids=range(9),
)
def test_a_file_that_cannot_be_read_is_no_login(folder: Path, content: bytes) -> None:
    store = FileLoginStore(folder)
    save(store)
    path = folder / f"{ACCOUNT}.json"
    path.write_bytes(content)
    assert store.load(ACCOUNT) is None
    save(store)
    assert store.load(ACCOUNT) == GRANT


def test_a_file_with_naive_times_is_no_login(folder: Path) -> None:
    store = FileLoginStore(folder)
    save(store)
    path = folder / f"{ACCOUNT}.json"
    path.write_text(path.read_text().replace("Z", ""))
    assert store.load(ACCOUNT) is None


@pytest.mark.parametrize("kind", ["json", "lock", "new"])
@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_a_folder_or_a_pipe_in_place_of_a_file_is_no_login_and_told_when_one_is_kept(
    folder: Path, kind: str, make: Callable[[Path], None]
) -> None:
    store = FileLoginStore(folder)
    folder.mkdir(parents=True, mode=0o700)
    make(folder / f"{ACCOUNT}.{kind}")
    assert store.load(ACCOUNT) is None
    try:
        save(store)
    except ConfigurationError as error:
        assert "tickets cannot be kept in" in str(error)  # or it was replaced
    else:
        assert store.load(ACCOUNT) == GRANT


@pytest.mark.parametrize(
    "forged",
    [
        {"value": "TGT-ü"},
        {"value": "TGT-1\r\nX-Forged: 1"},
        {"value": "TGT 1"},
        {"issuer": "https://cäs.invalid"},
        {"address": "https://other.invalid/TGT-1-invented"},
        {"address": "https://cas.invalid.other.invalid/TGT-1-invented"},
        {"login": -1},
        {"login": 2**63},
    ],
)
def test_a_ticket_that_no_login_can_have_given_is_no_login(
    folder: Path, forged: dict[str, object]
) -> None:
    store = FileLoginStore(folder)
    save(store, structs.replace(GRANT, **forged))
    assert store.load(ACCOUNT) is None


def test_a_file_that_others_can_read_is_not_used(folder: Path) -> None:
    store = FileLoginStore(folder)
    save(store)
    (folder / f"{ACCOUNT}.json").chmod(0o640)
    assert store.load(ACCOUNT) is None
    save(store)
    assert store.load(ACCOUNT) == GRANT


def test_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    store = FileLoginStore(folder)
    save(store)
    path = folder / f"{ACCOUNT}.json"
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert store.load(ACCOUNT) is None
    before = (tmp_path / "elsewhere").read_bytes()
    save(store, KeptResult(value="", issuer="", issued_at=NOW, last_used_at=NOW))
    assert (tmp_path / "elsewhere").read_bytes() == before


def test_what_a_killed_process_left_is_written_over(folder: Path) -> None:
    store = FileLoginStore(folder)
    save(store)
    (folder / f"{ACCOUNT}.new").write_bytes(b"{half")
    save(store)
    assert store.load(ACCOUNT) == GRANT
    assert not (folder / f"{ACCOUNT}.new").exists()


def test_a_lock_that_is_deleted_is_made_anew(folder: Path) -> None:
    store = FileLoginStore(folder)
    release = store.try_hold(ACCOUNT)
    assert release is not None
    (folder / f"{ACCOUNT}.lock").unlink()
    again = store.try_hold(ACCOUNT)
    assert again is not None
    again()
    release()


def test_a_lock_that_is_deleted_while_it_is_taken_is_made_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = folder / f"{ACCOUNT}.lock"
    opened = open_private
    deletions = [lock]

    def open_then_delete(path: Path, flags: int) -> int:
        descriptor = opened(path, flags)
        while deletions:
            deletions.pop().unlink()
        return descriptor

    monkeypatch.setattr(files, "open_private", open_then_delete)
    release = FileLoginStore(folder).try_hold(ACCOUNT)
    assert release is not None
    assert FileLoginStore(folder).try_hold(ACCOUNT) is None  # it is this file that counts
    release()


def test_a_folder_that_is_cleaned_up_is_made_anew(folder: Path) -> None:
    place = TicketService()
    assert served(place, folder)
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    assert served(place, folder)
    assert place.server.logins == 2


def test_a_folder_open_to_others_is_refused_with_what_to_do(folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o755)
    folder.chmod(0o755)
    place = TicketService()
    with pytest.raises(ConfigurationError, match=f"chmod 700 {folder}"):
        served(place, folder)
    assert place.server.logins == 0


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="tickets cannot be kept in"):
        FileLoginStore(tmp_path / "file" / "tickets").try_hold(ACCOUNT)


def test_a_full_disk_is_found_before_the_login(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = TicketService()

    def full(self: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ConfigurationError, match="No space left"):
        served(place, folder)
    assert place.server.logins == 0


def test_the_folder_is_in_the_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    save(FileLoginStore())
    assert (tmp_path / ".cache/gridwright/tickets" / f"{ACCOUNT}.json").exists()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    save(FileLoginStore())
    assert (tmp_path / "other/gridwright/tickets" / f"{ACCOUNT}.json").exists()


def test_without_a_home_the_folder_is_in_the_runtime_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "no-folder").touch()
    monkeypatch.setenv("HOME", str(tmp_path / "no-folder"))
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    save(FileLoginStore())
    assert (tmp_path / "run/gridwright/tickets" / f"{ACCOUNT}.json").exists()
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    with pytest.raises(ConfigurationError, match="name a folder for tickets"):
        FileLoginStore().load(ACCOUNT)


def test_no_folder_is_made_before_the_first_call(folder: Path) -> None:
    ticket_caller("sync", login_store=None, login_folder=folder).client().close()
    assert not folder.exists()


def test_a_platform_without_fcntl_is_told_when_tickets_are_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "fcntl", None)
    with pytest.raises(ConfigurationError, match=r"no fcntl.*MemoryLoginStore"):
        served(TicketService(), folder)
    assert value_of(ticket_caller("sync").call(GET_TICKETED)) == "served"


def test_everything_imports_without_fcntl() -> None:
    script = """
import sys
sys.modules["fcntl"] = None
from gridwright_runtime import client
from gridwright_runtime.access import client_access, files, step_access
assert files.fcntl is None
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_keeping_logins_imports_neither_httpx2_nor_a_server() -> None:
    script = """
import sys
from gridwright_runtime.access import client_access, files, step_access
assert not {"httpx2", "anyio", "starlette", "asyncio"} & set(sys.modules), sys.modules
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
