"""Same specs, same bytes: whatever the hash seed, locale, zone and working directory."""

import os
import subprocess
import sys
from pathlib import Path

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


def generate_everywhere(folder: Path) -> list[dict[str, bytes]]:
    """Generate the committed specs under each environment, all of them at the same time."""
    runs = []
    for number, environment in enumerate(ENVIRONMENTS):
        if environment["LC_ALL"].startswith("tr") and not has_locale(environment["LC_ALL"]):
            continue
        # Each in a folder of its own, one of them with a decoy of an imported package.
        place, specs = folder / str(number), ROOT / "specs"
        place.mkdir()
        if number == 1:
            (place / "msgspec").mkdir()
            (place / "msgspec" / "decoy.py").touch()
            specs = Path(os.path.relpath(specs, place))
        command = [sys.executable, "-m", "gridwright", "generate", "--specs", str(specs)]
        run = subprocess.Popen(
            [*command, "--out", "out"],
            cwd=place,
            env={**os.environ, **environment, "PYTHONSAFEPATH": "1"},
            stdout=subprocess.DEVNULL,
        )
        runs.append((place / "out", run))
    assert [run.wait() for _, run in runs] == [0] * len(runs)
    return [tree(out) for out, _ in runs]


def test_every_environment_gives_the_bytes_that_are_committed(tmp_path: Path) -> None:
    first, *others = generate_everywhere(tmp_path)
    assert others
    for other in others:
        assert other == first
    for path, text in first.items():
        assert str(ROOT).encode() not in text and str(tmp_path).encode() not in text, path
    # The manifest names digests of the generator, which may have changed without any effect.
    committed = tree(ROOT / "generated")
    assert {k: v for k, v in committed.items() if k != "manifest.json"} == {
        k: v for k, v in first.items() if k != "manifest.json"
    }
