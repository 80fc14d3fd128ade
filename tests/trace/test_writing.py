"""Several files at once: all are written, or all are as they were."""

from pathlib import Path

import pytest

from gridwright.output.write import replace_files


def test_all_files_are_written_and_no_draft_stays(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"old")
    replace_files({one: b"new", two: b"made"})
    assert (one.read_bytes(), two.read_bytes()) == (b"new", b"made")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_where_one_cannot_be_staged_nothing_is_written(tmp_path: Path) -> None:
    one = tmp_path / "one"
    one.write_bytes(b"old")
    with pytest.raises(OSError):
        replace_files({one: b"new", tmp_path / "no" / "folder": b"x"})
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("one", b"old")]


def test_where_one_cannot_be_moved_the_others_are_put_back(tmp_path: Path) -> None:
    one, two, taken = tmp_path / "one", tmp_path / "two", tmp_path / "taken"
    one.write_bytes(b"old")
    (taken / "inside").mkdir(parents=True)
    with pytest.raises(OSError):
        replace_files({one: b"new", two: b"made", taken: b"x"})
    assert one.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "taken"]
