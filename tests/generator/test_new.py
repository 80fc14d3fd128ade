"""`gridwright new`: a spec to overwrite, which passes the check and generates."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gridwright.cli import main
from gridwright.new import NewSpecError, start_spec

from .support import ROOT


def test_a_new_spec_passes_the_check_and_generates_what_can_be_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "my_system"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "specs/my_system/interface.yaml",
        "specs/my_system/amendments.yaml",
    ]
    assert main(["check"]) == 0
    assert main(["generate", "--package", "company_apis"]) == 0
    program = (
        "from company_apis import my_system\n"
        "with my_system.Client(api_key='invented') as client:\n"
        "    print(client.list_readings.__doc__.split('.')[0])\n"
        "my_system.validators, my_system.models, my_system.operations, my_system.codes\n"
    )
    path = os.pathsep.join(["generated", str(ROOT / "runtime")])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("Meter readings of one day\n", "")


@pytest.mark.parametrize(
    "name",
    ["", "Demo", "my-system", "my system", "1st", "_a", "a__b", "a_", "a.b", "../a", "/a", "class",
     "import", "한글", "a\n", "a/b"],
)  # fmt: skip
def test_a_name_that_no_package_can_have_is_refused_and_nothing_is_written(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(NewSpecError, match="cannot be a package's name"):
        start_spec(tmp_path / "specs", name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    with pytest.raises(NewSpecError, match="exists already"):
        start_spec(tmp_path, "demo")
    assert list((tmp_path / "demo").iterdir()) == []
