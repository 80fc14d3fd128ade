"""What is imported works: each operation of a file is generated and called against its mock."""

import importlib
import shutil
import sys
from pathlib import Path

import pytest
from judges.imports import measured

FILE = Path(__file__).with_name("all_forms.yaml")


def test_each_operation_of_a_file_with_all_forms_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, work = tmp_path / "files", tmp_path / "work"
    folder.mkdir()
    shutil.copy(FILE, folder)
    for name in [name for name in sys.modules if name.partition(".")[0] == "imported_apis"]:
        monkeypatch.delitem(sys.modules, name)
    importlib.invalidate_caches()
    [row] = measured(folder, work, type_check=False)
    assert row.refused == {}
    assert (row.operations, row.called, row.typed) == (22, 22, 13)
