"""A site of specs outside of the project: systems alone, by the command line."""

from pathlib import Path

import pytest
from tests.generator.support import BASE

from gridwright.cli import main


@pytest.fixture(autouse=True)
def _workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("mine/demo/interface.yaml")
    path.parent.mkdir(parents=True)
    path.write_text(BASE, "utf-8")


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_a_site_of_systems_starts_with_a_list_of_them() -> None:
    assert main(["site", "--specs", "mine", "--title", "Ours & theirs"]) == 0
    start = Path("site/index.html").read_text("utf-8")
    assert '<a href="systems/demo/index.html">' in start
    assert "<title>Ours &amp; theirs</title>" in start
    assert Path("site/systems/demo/index.html").is_file()


def test_what_a_site_no_longer_has_is_removed() -> None:
    assert main(["site", "--specs", "mine"]) == 0
    before = files(Path("site"))
    spec = Path("mine/demo/interface.yaml")
    spec.write_text(BASE.replace("  list_readings:", "  list_more:"), "utf-8")
    assert main(["site", "--specs", "mine"]) == 0
    gone = set(before) - set(files(Path("site")))
    assert gone == {"systems/demo/list_readings.html"}


def test_a_file_of_somebody_else_is_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    Path("site").mkdir()
    Path("site/index.html").write_text("mine", "utf-8")
    assert main(["site", "--specs", "mine"]) == 1
    assert "site holds files that are not of a site: index.html" in capsys.readouterr().err
    assert files(Path("site")) == {"index.html": b"mine"}


def test_private_amendments_are_not_published_unasked(capsys: pytest.CaptureFixture[str]) -> None:
    Path("private.yaml").write_text("amendments: []\n", "utf-8")
    assert main(["site", "demo", "--specs", "mine", "--amend", "private.yaml"]) == 2
    assert "--amend needs --out" in capsys.readouterr().err
    assert not Path("site").exists()


def test_mistakes_are_told_and_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    Path("README.md").write_text("# A\n\n[b](c.md)\n", "utf-8")
    assert main(["site", "--specs", "mine", "--project", "."]) == 1
    assert "README.md:3:1: error[dead-link]" in capsys.readouterr().out
    assert not Path("site").exists()
