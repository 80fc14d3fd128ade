"""Artifacts to disk: all of them or none, whatever ends the run, and nothing that is not ours."""

import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gridwright.output.artifact import Artifact
from gridwright.output.write import (
    Made,
    OutputError,
    UnownedFileError,
    peek_manifest,
    read_manifest,
    write_tree,
)

OLD = {"api/one.py": "1", "api/two.py": "2", "docs/gone.md": "old"}
NEW = {"api/one.py": "1", "api/two.py": "changed", "schemas/new.json": "{}"}


def made(files: dict[str, str], inputs: str = "digest") -> Made:
    artifacts = tuple(Artifact(path, text) for path, text in files.items())
    return Made(inputs, {"operations": 1}, artifacts)


def write(out: Path, files: dict[str, str], system: str = "demo") -> None:
    write_tree(out, {system: made(files)})


def tree(out: Path) -> dict[str, str]:
    """Return every file, the manifest left out, and every empty folder."""
    found = {}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_file() and name != "manifest.json":
            found[name] = path.read_text("utf-8")
        elif path.is_dir() and not any(path.iterdir()):
            found[f"{name}/"] = ""
    return found


def test_files_are_written_and_listed_with_their_digests(tmp_path: Path) -> None:
    changes = write_tree(tmp_path / "out", {"demo": made(OLD)})["demo"]
    assert tree(tmp_path / "out") == OLD
    assert set(peek_manifest(tmp_path / "out")["demo"].files) == set(OLD)
    assert (len(changes.written), changes.unchanged, changes.removed) == (3, (), ())


def test_stale_files_and_the_folders_they_empty_are_removed(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    (tmp_path / "docs" / "__pycache__").mkdir()
    changes = write_tree(tmp_path, {"demo": made(NEW)})["demo"]
    assert tree(tmp_path) == NEW
    assert (changes.written, changes.unchanged, changes.removed) == (
        ("api/two.py", "schemas/new.json"),
        ("api/one.py",),
        ("docs/gone.md",),
    )


def test_a_folder_that_holds_a_file_of_somebody_else_stays(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    (tmp_path / "docs" / "mine.md").write_text("mine", "utf-8")
    write(tmp_path, NEW)
    assert tree(tmp_path) == NEW | {"docs/mine.md": "mine"}


def test_files_of_systems_that_exist_no_more_are_removed(tmp_path: Path) -> None:
    write_tree(tmp_path, {"demo": made(OLD), "other": made({"other/a.py": "a"})})
    write_tree(tmp_path, {"demo": made(OLD)}, gone=["other"])
    assert tree(tmp_path) == OLD
    assert set(peek_manifest(tmp_path)) == {"demo"}


def test_files_of_systems_that_are_not_generated_now_stay(tmp_path: Path) -> None:
    write(tmp_path, {"other/a.py": "a"}, system="other")
    write(tmp_path, OLD)
    assert tree(tmp_path) == OLD | {"other/a.py": "a"}


def test_same_content_leaves_every_file_untouched(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    for path in tmp_path.rglob("*"):
        os.utime(path, (1, 1))
    write(tmp_path, OLD)
    assert {path.stat().st_mtime for path in tmp_path.rglob("*")} == {1.0}


def test_changed_content_touches_only_what_changed(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    for path in tmp_path.rglob("*"):
        os.utime(path, (1, 1))
    write(tmp_path, OLD | {"api/two.py": "changed"})
    touched = {p.name for p in tmp_path.rglob("*") if p.is_file() and p.stat().st_mtime != 1}
    assert touched == {"two.py", "manifest.json"}


def test_a_file_edited_by_hand_is_ours_and_gets_overwritten(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    (tmp_path / "api" / "one.py").write_text("edited", "utf-8")
    write(tmp_path, OLD)
    assert tree(tmp_path) == OLD


def test_a_file_that_is_not_ours_is_never_overwritten_and_nothing_is_written(
    tmp_path: Path,
) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "two.py").write_text("mine", "utf-8")
    with pytest.raises(UnownedFileError) as error:
        write(tmp_path, OLD)
    assert error.value.paths == ("api/two.py",)
    assert tree(tmp_path) == {"api/two.py": "mine"}


def test_a_file_that_is_not_ours_but_the_same_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "api" / "two.py").write_text("2", "utf-8")
    write(tmp_path, OLD)
    assert tree(tmp_path) == OLD


def test_folders_links_and_files_in_the_way_are_foreign(tmp_path: Path) -> None:
    for place, name in (("a", "api/one.py"), ("b", "api"), ("c", "api/two.py")):
        out = tmp_path / place
        (out / name).parent.mkdir(parents=True)
        if place == "a":
            (out / name).mkdir()
        elif place == "b":
            (out / name).touch()
        else:
            (out / name).symlink_to("nowhere")
        before = sorted(out.rglob("*"))
        with pytest.raises(UnownedFileError) as error:
            write(out, OLD)
        assert error.value.paths == (name,)
        assert sorted(out.rglob("*")) == before


def test_nothing_is_written_or_removed_through_a_linked_folder(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    write(out, OLD)
    (out / "api").rename(elsewhere)
    (out / "api").symlink_to(elsewhere)
    before = tree(elsewhere)
    for files in ({"api/one.py": "changed"}, {"other.py": "1"}):
        with pytest.raises(OutputError, match="is a link to another folder"):
            write(out, files)
        assert tree(elsewhere) == before


def test_the_output_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    write(tmp_path / "out", OLD)
    assert "api/one.py" in tree(tmp_path / "real")


def test_a_linked_folder_of_staged_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/.gridwright-staging").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="is a link"):
        write(tmp_path / "out", OLD)
    assert (tmp_path / "elsewhere").is_dir()


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "1", "null", '{"name": "a web project"}', '{"demo": []}', '{"demo": {"a": 1}}',
     '{"demo": {"inputs": "", "counts": {}, "files": 1}}', "\xff"],
)  # fmt: skip
def test_a_manifest_that_is_not_ours_is_an_error_and_stays(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(OutputError, match=r"manifest\.json is no manifest of gridwright"):
        write(tmp_path, OLD)
    assert (tmp_path / "manifest.json").read_bytes() == text.encode("latin-1")
    assert tree(tmp_path) == {}


@pytest.mark.parametrize("path", ["../victim", "/victim", "a/../../victim", "", "."])
def test_a_manifest_cannot_have_files_removed_outside_of_its_folder(
    tmp_path: Path, path: str
) -> None:
    out, victim = tmp_path / "out", tmp_path / "victim"
    out.mkdir()
    victim.touch()
    owned = {"inputs": "", "counts": {}, "files": {path: ""}}
    (out / "manifest.json").write_text(json.dumps({"demo": owned}), "utf-8")
    with pytest.raises(OutputError, match="outside of its folder"):
        write(out, OLD)
    assert victim.exists()


@pytest.mark.parametrize("key", ["move", "remove"])
def test_a_journal_cannot_reach_outside_of_its_folder(tmp_path: Path, key: str) -> None:
    staging, victim = tmp_path / "out" / ".gridwright-staging", tmp_path / "victim"
    staging.mkdir(parents=True)
    victim.touch()
    journal = {"move": [], "remove": [], key: ["../victim"]}
    (staging / "journal.json").write_text(json.dumps(journal), "utf-8")
    with pytest.raises(OutputError, match="outside of its folder"):
        read_manifest(tmp_path / "out")
    assert victim.exists()


def test_a_folder_that_cannot_be_written_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        write(tmp_path / "file" / "out", OLD)


def test_another_run_in_the_same_folder_is_told_to_wait(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    folder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    with pytest.raises(OutputError, match="another run is writing"):
        write(tmp_path, NEW)
    assert tree(tmp_path) == OLD
    os.close(folder)
    write(tmp_path, NEW)
    assert tree(tmp_path) == NEW


def test_the_lock_leaves_no_file_behind(tmp_path: Path) -> None:
    write(tmp_path, OLD)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["api", "docs", "manifest.json"]


def test_ctrl_c_while_files_move_waits_until_the_tree_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, OLD)
    replace = Path.replace
    pressed: list[bool] = []

    def press_and_replace(self: Path, target: Path) -> Path:
        if "files" in self.parts and not pressed:
            pressed.append(True)
            os.kill(os.getpid(), signal.SIGINT)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", press_and_replace)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, NEW)
    assert pressed and tree(tmp_path) == NEW


# Writes NEW over OLD, and is killed just before its n-th change to the disk.
KILLED = """
import json, os, signal, sys
from pathlib import Path
from gridwright.output.artifact import Artifact
from gridwright.output.write import Made, write_tree

left = int(sys.argv[2])
artifacts = tuple(Artifact(path, text) for path, text in json.loads(sys.argv[3]).items())

def hook(event, arguments):
    global left
    opens = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT
    if opens or event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(hook)
write_tree(Path(sys.argv[1]), {"demo": Made("digest", {"operations": 1}, artifacts)})
"""


def run_killed(out: Path, change: int) -> int:
    command = [sys.executable, "-B", "-c", KILLED, str(out), str(change), json.dumps(NEW)]
    return subprocess.run(command, check=False).returncode


def test_a_run_killed_at_any_change_leaves_the_old_tree_or_is_finished_by_the_next(
    tmp_path: Path,
) -> None:
    ends = []
    for change in range(1, 100):
        out = tmp_path / str(change)
        write(out, OLD)
        killed = run_killed(out, change) == -signal.SIGKILL
        journal = out / ".gridwright-staging" / "journal.json"
        ours = {k: v for k, v in tree(out).items() if not k.startswith(".gridwright")}
        if not killed:
            assert ours == NEW
            break
        ends.append("journal" if journal.is_file() else "old" if ours == OLD else "new")
        if ends[-1] == "new":
            assert ours == NEW
        # The next run need not want the same.
        wanted = NEW if change % 2 else {"api/one.py": "third"}
        write(out, wanted)
        assert tree(out) == wanted
        assert not (out / ".gridwright-staging").exists()
    # Each end was reached, and in this order: until the journal stands, nothing has changed.
    assert sorted(set(ends), key=["old", "journal", "new"].index) == list(dict.fromkeys(ends))
    assert set(ends) >= {"old", "journal"}


RACING = """
import sys
from pathlib import Path
from gridwright.output.artifact import Artifact
from gridwright.output.write import Made, OutputError, write_tree

for turn in range(10):
    artifacts = [Artifact(f"api/{n}.py", sys.argv[2]) for n in range(20)]
    if turn % 2:
        artifacts.append(Artifact(f"api/extra{sys.argv[2]}.py", "x"))
    try:
        write_tree(Path(sys.argv[1]), {"demo": Made("", {}, tuple(artifacts))})
    except OutputError as error:
        assert "another run" in str(error)
"""


def test_runs_at_the_same_time_never_mix_their_files(tmp_path: Path) -> None:
    runs = [
        subprocess.Popen([sys.executable, "-B", "-c", RACING, str(tmp_path), name])
        for name in ("a", "b", "c")
    ]
    assert [run.wait() for run in runs] == [0, 0, 0]
    found = tree(tmp_path)
    assert len({found[f"api/{n}.py"] for n in range(20)}) == 1
    assert set(found) == set(peek_manifest(tmp_path)["demo"].files)
