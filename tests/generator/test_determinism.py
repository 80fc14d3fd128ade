"""Same specs, same bytes: whatever the hash seed, locale, zone and working directory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .support import ROOT

ENVIRONMENTS = [
    {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC", "PYTHONUTF8": "0"},
    {"PYTHONHASHSEED": "4242", "LC_ALL": "C.UTF-8", "TZ": "Pacific/Kiritimati"},
    {"PYTHONHASHSEED": "7", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Seoul", "COLUMNS": "20"},
]


def has_locale(name: str) -> bool:
    done = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False)
    return name.lower().replace("-", "") in done.stdout.lower().replace("-", "")


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    """Generate the committed specs under each environment, all of them at the same time."""
    runs = []
    for number, environment in enumerate(ENVIRONMENTS):
        if environment["LC_ALL"].startswith("tr") and not has_locale(environment["LC_ALL"]):
            continue
        # Each in a folder of its own, one of them with a decoy of an imported package.
        folder = tmp_path_factory.mktemp(f"run{number}")
        specs = ROOT / "specs"
        if number == 1:
            (folder / "msgspec").mkdir()
            (folder / "msgspec" / "decoy.py").touch()
            specs = Path(os.path.relpath(specs, folder))
        command = [sys.executable, "-m", "gridwright", "generate", "--out", "out"]
        runs.append(
            (
                folder / "out",
                subprocess.Popen(
                    [*command, "--specs", str(specs)],
                    cwd=folder,
                    env={**os.environ, **environment, "PYTHONSAFEPATH": "1"},
                    stdout=subprocess.DEVNULL,
                ),
            )
        )
    assert [run.wait() for _, run in runs] == [0] * len(runs)
    return [tree(out) for out, _ in runs]


@pytest.mark.xdist_group("determinism")
def test_every_environment_gives_the_same_bytes(trees: list[dict[str, bytes]]) -> None:
    assert len(trees) >= 2
    for other in trees[1:]:
        assert other == trees[0]


@pytest.mark.xdist_group("determinism")
def test_the_committed_output_is_what_the_specs_generate(trees: list[dict[str, bytes]]) -> None:
    committed = tree(ROOT / "generated")
    # Its manifest names digests of the generator, which may have changed without any effect.
    generated = {path: text for path, text in trees[0].items() if path != "manifest.json"}
    assert {path: text for path, text in committed.items() if path != "manifest.json"} == generated


@pytest.mark.xdist_group("determinism")
def test_no_place_of_this_machine_stands_in_the_output(trees: list[dict[str, bytes]]) -> None:
    home = str(Path.home()).encode()
    for path, text in trees[0].items():
        assert str(ROOT).encode() not in text, path
        assert len(home) < 3 or home not in text, path
