"""What is kept to know a password again: it fits that password alone, and tells nothing of it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.sending.support import value_of

from gridwright_runtime.access.proof import fits, prove

from .support import GET_TICKETED, PASSWORD, ticket_caller


def test_the_files_tell_nothing_of_the_password_and_differ(tmp_path: Path) -> None:
    kept = []
    for name in ("one", "two"):
        one = ticket_caller("sync", login_store=None, login_folder=tmp_path / name)
        assert value_of(one.call(GET_TICKETED)) == "served"
        [file] = (tmp_path / name).glob("*.json")
        kept.append(file.read_text())
    proofs = [re.findall(r'"proof":"([^"]+)"', text)[0] for text in kept]
    assert PASSWORD not in "".join(kept)
    assert proofs[0] != proofs[1]
    assert all(int(proof.split(":")[0]) >= 2**14 for proof in proofs)


@example("", "\0")
@example("a", "a\0")
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
