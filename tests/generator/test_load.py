"""Files of a system: found, read with their amendments, named as a person would name them."""

from pathlib import Path

import pytest

from gridwright.load import amend_text, find_systems, load_system

from .support import BASE


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "specs" / "demo").mkdir(parents=True)
    (tmp_path / "specs" / "demo" / "interface.yaml").write_text(BASE, "utf-8")
    return Path("specs")


def test_systems_are_folders_with_an_interface_in_order_of_their_names(specs: Path) -> None:
    for name in ("b_system", "a_system", "no_spec"):
        (specs / name).mkdir()
    for name in ("b_system", "a_system"):
        (specs / name / "interface.yaml").touch()
    assert find_systems(specs) == ("a_system", "b_system", "demo")


def test_a_system_that_is_not_there_is_reported_with_those_that_are(specs: Path) -> None:
    loaded, problems = load_system(specs, "dema")
    assert loaded is None
    assert [(p.code, p.help) for p in problems] == [
        ("no-such-system", "known: demo; `gridwright new dema` starts one")
    ]


def test_a_folder_not_called_after_its_system_is_reported_at_the_name(specs: Path) -> None:
    (specs / "demo").rename(specs / "other")
    problems = load_system(specs, "other")[1]
    assert [(p.code, str(p.span)) for p in problems] == [
        ("wrong-folder", "specs/other/interface.yaml:2:9")
    ]


def test_files_are_named_from_the_working_directory_or_in_full(
    specs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (specs / "demo" / "interface.yaml").write_text("a: &x 1", "utf-8")
    assert load_system(tmp_path / "specs", "demo")[1][0].span.file == "specs/demo/interface.yaml"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    found = load_system(tmp_path / "specs", "demo")[1][0].span.file
    assert found == (tmp_path / "specs" / "demo" / "interface.yaml").as_posix()


def test_private_amendments_follow_those_of_the_system(specs: Path) -> None:
    own = "- {id: own, kind: private, finding: x, ruling: y}\n"
    (specs / "demo" / "amendments.yaml").write_text(own, "utf-8")
    (specs / "private.yaml").write_text(own.replace("own", "private"), "utf-8")
    loaded, problems = load_system(specs, "demo", [specs / "private.yaml"])
    assert loaded is not None and problems == []
    assert [item.string("id") for item in loaded.amendments] == ["own", "private"]


def test_an_amendment_that_breaks_the_grammar_is_reported_at_the_amendment() -> None:
    patch = (
        "- {id: a, kind: private, finding: x, ruling: y, patch:\n"
        "  {operations.list_readings.kind: {printed: read, use: raed}}}"
    )
    problems = amend_text(BASE.encode(), "spec.yaml", [(patch.encode(), "private.yaml")])[1]
    assert [f"{p.span} {p.code}" for p in problems] == ["private.yaml:2:56 unknown-word"]


def test_a_mistake_that_an_amendment_mends_is_still_a_mistake_of_the_transcription() -> None:
    spec = BASE.replace("kind: read", "kind: raed").encode()
    patch = (
        "- {id: a, kind: private, finding: x, ruling: y, patch:\n"
        "  {operations.list_readings.kind: {printed: raed, use: read}}}"
    )
    problems = amend_text(spec, "spec.yaml", [(patch.encode(), "private.yaml")])[1]
    assert [p.code for p in problems] == ["unknown-word"]
