"""The digest of what output is made from changes with each part of it, and with nothing else."""

from pathlib import Path

import pytest

from gridwright import inputs
from gridwright.inputs import input_digest, tool_digest
from gridwright.resources import template_folder


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "interface.yaml", tmp_path / "amendments.yaml"]
    for path in paths:
        path.write_text(path.name, "utf-8")
    return paths


def test_each_file_the_tools_and_the_package_count(files: list[Path]) -> None:
    digests = {input_digest("tools", files, "apis")}
    digests.add(input_digest("other tools", files, "apis"))
    digests.add(input_digest("tools", files, "other_apis"))
    for path in files:
        path.write_text("changed", "utf-8")
        digests.add(input_digest("tools", files, "apis"))
    files[1].unlink()
    digests.add(input_digest("tools", files, "apis"))
    assert len(digests) == 6


def test_text_that_moves_from_one_file_to_the_next_counts(files: list[Path]) -> None:
    before = input_digest("tools", files, "apis")
    files[0].write_text("interface.yamla", "utf-8")
    files[1].write_text("mendments.yaml", "utf-8")
    assert input_digest("tools", files, "apis") != before


def test_where_the_files_lie_and_when_they_were_written_does_not_count(
    files: list[Path], tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    copies = [elsewhere / path.name for path in files]
    for path, copy in zip(files, copies, strict=True):
        copy.write_bytes(path.read_bytes())
    assert input_digest("t", files, "apis") == input_digest("t", copies, "apis")


def test_templates_generator_and_versions_of_tools_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = {tool_digest(template_folder()), tool_digest(tmp_path)}
    (tmp_path / "new.j2").touch()
    digests.add(tool_digest(tmp_path))
    monkeypatch.setattr(inputs, "version", lambda name: "99")
    digests.add(tool_digest(tmp_path))
    assert len(digests) == 4


def test_a_digest_is_the_same_each_time() -> None:
    assert tool_digest(template_folder()) == tool_digest(template_folder())
