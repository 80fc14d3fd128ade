"""Runs over several systems: what changed is generated, all of it or nothing."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from gridwright import run as module
from gridwright.diagnostics import Diagnostic
from gridwright.run import GenerateOptions, check_all, run

from .support import BASE


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for system in ("demo", "other"):
        folder = tmp_path / "specs" / system
        folder.mkdir(parents=True)
        spec = BASE.replace("system: demo", f"system: {system}")
        (folder / "interface.yaml").write_text(spec, "utf-8")
    return Path("specs")


def wanted(**changes: object) -> GenerateOptions:
    plain = GenerateOptions(
        specs=Path("specs"),
        out=Path("out"),
        package="apis",
        systems=("demo", "other"),
        amendments=(),
        whole=True,
        force=False,
        progress=None,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def generate(**changes: object) -> dict[str, tuple[int, int, int]]:
    """Run, and return what was written, unchanged and removed by system."""
    result = run(wanted(**changes), clock=lambda: 0.0)
    assert result.problems == ()
    return {row.system: (row.written, row.unchanged, row.removed) for row in result.rows}


def check(**changes: object) -> list[str]:
    arguments: dict[str, object] = {
        "documents": None, "generated": Path("out"), "package": "apis", "whole": True, **changes,
    }  # fmt: skip
    problems = check_all(Path("specs"), ("demo", "other"), (), **arguments)  # type: ignore[arg-type]
    return [f"{p.span.file} {p.code} {p.message}" for p in problems]


@pytest.mark.usefixtures("specs")
def test_a_first_run_writes_everything_and_a_second_one_nothing() -> None:
    first = generate()
    assert set(first) == {"demo", "other"} and first["demo"][0] > 10
    files = {path: path.stat().st_mtime_ns for path in Path("out").rglob("*")}
    assert generate() == {s: (0, counts[0], 0) for s, counts in first.items()}
    assert {path: path.stat().st_mtime_ns for path in Path("out").rglob("*")} == files


@pytest.mark.usefixtures("specs")
def test_an_unchanged_run_never_loads_a_spec(monkeypatch: pytest.MonkeyPatch) -> None:
    generate()
    monkeypatch.setattr("gridwright.pipeline.generate", None)
    generate()


@pytest.mark.usefixtures("specs")
def test_force_generates_again_and_still_writes_nothing_that_is_the_same() -> None:
    generate()
    assert {counts[0] for counts in generate(force=True).values()} == {0}


def test_only_the_system_whose_spec_changed_is_generated_again(specs: Path) -> None:
    generate()
    spec = specs / "demo" / "interface.yaml"
    spec.write_text(spec.read_text("utf-8").replace("readings of a meter", "all of it"), "utf-8")
    counts = generate()
    assert counts["demo"][0] > 0 and counts["other"][0] == 0


def test_a_private_amendment_counts_as_a_change(specs: Path) -> None:
    generate()
    private = specs / "private.yaml"
    private.write_text("- {id: a, kind: private, finding: x, ruling: y}", "utf-8")
    counts = generate(systems=("demo",), amendments=(private,), whole=False)
    assert counts["demo"][0] > 0


@pytest.mark.usefixtures("specs")
def test_a_hand_edit_of_generated_code_is_undone() -> None:
    generate()
    edited = Path("out/apis/demo/client.py")
    text = edited.read_text("utf-8")
    edited.write_text("edited", "utf-8")
    assert generate()["demo"][0] == 1
    assert edited.read_text("utf-8") == text


@pytest.mark.usefixtures("specs")
def test_another_package_name_moves_the_package_and_leaves_no_empty_folder() -> None:
    generate()
    generate(package="company.apis")
    assert Path("out/company/apis/demo/client.py").is_file()
    assert not Path("out/apis").exists()


def test_files_of_a_system_without_a_spec_are_removed_by_a_run_over_all(specs: Path) -> None:
    generate()
    (specs / "other" / "interface.yaml").unlink()
    assert generate(systems=("demo",), whole=False)["demo"][0] == 0
    assert Path("out/apis/other").is_dir()
    assert generate(systems=("demo",))["other"][2] > 10
    assert not list(Path("out").rglob("other"))


def test_one_faulty_system_keeps_all_of_them_from_being_written(specs: Path) -> None:
    generate()
    before = {path: path.read_bytes() for path in Path("out").rglob("*") if path.is_file()}
    demo, other = specs / "demo" / "interface.yaml", specs / "other" / "interface.yaml"
    demo.write_text(demo.read_text("utf-8").replace(", unit: kWh", ""), "utf-8")
    other.write_text(other.read_text("utf-8").replace("unit: kWh", "unit: kw/h"), "utf-8")
    result = run(wanted(), clock=lambda: 0.0)
    assert [problem.code for problem in result.problems] == ["unknown-unit"]
    after = {path: path.read_bytes() for path in Path("out").rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.usefixtures("specs")
def test_a_foreign_file_is_reported_and_stays() -> None:
    foreign = Path("out/apis/demo/client.py")
    foreign.parent.mkdir(parents=True)
    foreign.write_text("mine", "utf-8")
    result = run(wanted(), clock=lambda: 0.0)
    assert [(p.code, p.span.file) for p in result.problems] == [
        ("foreign-file", "out/apis/demo/client.py")
    ]
    assert [path for path in Path("out").rglob("*") if path.is_file()] == [foreign]


@pytest.mark.usefixtures("specs")
def test_progress_is_told_and_nothing_else_is_said() -> None:
    told: list[str] = []
    generate(progress=told.append)
    assert told == ["[1/2] demo", "[2/2] other", ""]


@pytest.mark.usefixtures("specs")
def test_a_check_of_fresh_output_finds_nothing() -> None:
    generate()
    assert check() == []


@pytest.mark.usefixtures("specs")
def test_a_check_finds_a_hand_edit_a_missing_file_and_a_file_too_many() -> None:
    generate()
    Path("out/apis/demo/client.py").write_text("edited", "utf-8")
    Path("out/apis/demo/codes.py").unlink()
    os.utime("out/apis/demo/models.py", (1, 1))
    assert check() == [
        "out/apis/demo/client.py stale-output the file is not what the specs generate",
        "out/apis/demo/codes.py stale-output the file is missing",
    ]


def test_a_check_finds_a_listed_file_that_the_specs_do_not_generate(specs: Path) -> None:
    generate()
    spec = specs / "demo" / "interface.yaml"
    text = spec.read_text("utf-8").replace("list_readings:", "get_readings:")
    spec.write_text(text, "utf-8")
    found = check()
    assert "out/docs/demo/list_readings.md stale-output the specs generate no such file" in found
    assert "out/docs/demo/get_readings.md stale-output the file is missing" in found


def test_a_check_finds_output_of_a_system_without_a_spec(specs: Path) -> None:
    generate()
    problems = check_all(
        specs, ("demo",), (), documents=None, generated=Path("out"), package="apis", whole=True
    )
    assert [(p.span.file, p.code) for p in problems] == [("out/other", "stale-output")]


@pytest.mark.usefixtures("specs")
def test_a_check_writes_nothing_not_even_what_a_killed_run_left() -> None:
    generate()
    staging = Path("out/.gridwright-staging")
    staging.mkdir()
    (staging / "journal.json").write_text('{"move": [], "remove": []}', "utf-8")
    before = sorted(Path().rglob("*"))
    check()
    assert sorted(Path().rglob("*")) == before


@pytest.mark.usefixtures("specs")
def test_a_check_reports_faulty_specs_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = Path("specs/other/interface.yaml")
    spec.write_text(spec.read_text("utf-8").replace("unit: kWh", "unit: kw/h"), "utf-8")
    assert [line.split()[1] for line in check(generated=None)] == ["unknown-unit"]


def test_every_problem_of_the_output_says_what_to_run() -> None:
    problem: Diagnostic = module._stale(Path("out"), "a.py", "the file is missing")
    assert problem.help == "run `gridwright generate` and commit the result"
