"""A login that is kept serves those who know its password, and nobody can read it from the file."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gridwright_runtime.tickets import counter
from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright_runtime.access.files import FileTicketStore
from gridwright_runtime.access.proof import fits, prove
from gridwright_runtime.access.store import MemoryTicketStore, TicketStore
from gridwright_runtime.errors import AuthenticationError

from .account import PASSWORD
from .support import KINDS, Desk, Kind, Place, is_served

OTHER = "INVENTED-other"

both = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(params=["memory", "files"])
def store(request: Any, tmp_path: Path) -> TicketStore:
    return MemoryTicketStore() if request.param == "memory" else FileTicketStore(tmp_path / "kept")


@both
def test_a_wrong_password_does_not_use_the_login_of_the_right_one(
    kind: Kind, store: TicketStore
) -> None:
    place = Place()
    right = Desk(kind, place, store=store)
    assert is_served(right.send())
    with pytest.raises(AuthenticationError, match="wrong user name or password"):
        Desk(kind, place, store=store, password=OTHER).send()
    assert is_served(right.send())
    assert (place.server.logins, place.server.refused_logins) == (1, 1)


@both
def test_a_changed_password_logs_in_anew_and_serves_all_who_know_it(
    kind: Kind, store: TicketStore
) -> None:
    assert is_served(Desk(kind, Place(), store=store).send())
    later = Place(password=OTHER)
    for _ in range(2):
        assert is_served(Desk(kind, later, store=store, password=OTHER).send())
    assert later.server.logins == 1
    with pytest.raises(AuthenticationError):
        Desk(kind, later, store=store).send()


@both
def test_the_next_login_with_the_same_password_takes_the_login_over(
    kind: Kind, store: TicketStore
) -> None:
    place = Place()
    assert is_served(Desk(kind, place, store=store).send())
    place.server.forget()
    assert is_served(Desk(kind, place, store=store).send())
    assert is_served(Desk(kind, place, store=store).send())
    assert place.server.logins == 2


def test_a_client_works_out_once_whether_a_login_is_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, store = Place(), FileTicketStore(tmp_path / "kept")
    assert is_served(Desk("sync", place, store=store).send())
    calls: list[str] = []

    def counted(proof: str, password: str) -> bool:
        calls.append(proof)
        return fits(proof, password)

    monkeypatch.setattr(counter, "fits", counted)
    desk = Desk("sync", place, store=store)
    assert all(is_served(desk.send()) for _ in range(3))
    place.fake.seconds += 3600
    assert is_served(desk.send())
    assert len(calls) == 1


def test_the_files_tell_nothing_of_the_password_and_differ(tmp_path: Path) -> None:
    kept = []
    for name in ("one", "two"):
        assert is_served(Desk("sync", Place(), store=FileTicketStore(tmp_path / name)).send())
        [file] = (tmp_path / name).glob("*.json")
        kept.append(file.read_text())
    proofs = [re.findall(r'"proof":"([^"]+)"', text)[0] for text in kept]
    assert PASSWORD not in "".join(kept)
    assert proofs[0] != proofs[1]
    assert all(int(proof.split(":")[0]) >= 2**14 for proof in proofs)


@given(st.text(), st.text())
@settings(deadline=None)
def test_a_proof_fits_its_own_password_alone(one: str, other: str) -> None:
    proof = prove(one, cost=2)
    assert fits(proof, one)
    assert fits(proof, other) == (one == other)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda proof: "",
        lambda proof: proof[:-1],
        lambda proof: proof.replace(":", ";"),
        lambda proof: proof.replace("2:", "3:", 1),
        lambda proof: proof.replace("2:", "-2:", 1),
        lambda proof: proof.replace("2:", "4294967296:", 1),
        lambda proof: proof + "\u20ac",
        lambda proof: "x" + proof,
    ],
)
def test_what_is_no_proof_fits_nothing(spoil: Callable[[str], str]) -> None:
    assert not fits(spoil(prove(PASSWORD, cost=2)), PASSWORD)
