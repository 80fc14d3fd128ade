"""The verdict on Python against griffe and mypy: where it says safe, nothing breaks."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import griffe
import pytest
from mypy import api

from gridwright.diff.verdicts import Level

from ..support import ROOT
from .cases import CASES
from .support import caller_of, changes, sides, write_package

# Felt at run time alone: neither a signature nor a type tells.
RUN_TIME_ONLY = {"environment_renamed", "amended_zone", "reply_unit_changed"}
# What no caller sees takes time to lay out.
LEFT_OUT = ("validators.py", "mock.py")
PUBLIC = ("client", "models", "codes")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packages of both sides of every case, and callers of what the old side offers."""
    folder = tmp_path_factory.mktemp("truth")
    for system in ("full", "bodies"):
        old, _ = sides(system, {})
        write_package(old, folder, f"old_{system}", LEFT_OUT)
    for name, (system, patch) in CASES.items():
        _, new = sides(system, patch)
        write_package(new, folder, f"new_{name}", LEFT_OUT)
        caller = caller_of(folder / f"old_{system}" / system, f"new_{name}.{system}")
        (folder / f"caller_{name}.py").write_text(caller, encoding="utf-8")
    for system in ("full", "bodies"):
        caller = caller_of(folder / f"old_{system}" / system, f"old_{system}.{system}")
        (folder / f"caller_old_{system}.py").write_text(caller, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def type_errors(made: Path) -> Mapping[str, list[str]]:
    """Errors by caller, of one run over all of them."""
    cache = made / "cache"
    configuration = made / "mypy.ini"
    configuration.write_text(
        f"[mypy]\nmypy_path = {made}:{ROOT / 'runtime'}\nfollow_imports = silent\n"
        f"cache_dir = {cache}\nskip_version_check = True\n"
    )
    callers = sorted(str(path) for path in made.glob("caller_*.py"))
    printed, failed, _ = api.run(
        ["--config-file", str(configuration), "--no-error-summary", *callers]
    )
    assert not failed, failed
    found: dict[str, list[str]] = {Path(path).stem.removeprefix("caller_"): [] for path in callers}
    for line in printed.splitlines():
        file, _, text = line.partition(":")
        if ": error:" in line:
            found[Path(file).stem.removeprefix("caller_")].append(text)
    return found


@cache
def verdict(name: str) -> Level:
    return max((c.verdicts.python for c in changes(*CASES[name])), default=Level.NONE)


@cache
def breakages(made: Path, name: str) -> list[str]:
    """Return what griffe finds in the public modules; values count where callers see them."""
    system, _ = CASES[name]
    old, new = (
        griffe.load(f"{package}.{system}", search_paths=[made], resolve_aliases=False)
        for package in (f"old_{system}", f"new_{name}")
    )
    found = []
    for module in PUBLIC:
        if module not in old.members:
            continue
        for breakage in griffe.find_breaking_changes(old[module], new[module]):
            path = breakage.obj.path.split(".", 3)[-1]
            if _counts(module, path, breakage.kind):
                found.append(f"{module}.{path}: {breakage.kind.value}")
    return found


def _counts(module: str, path: str, kind: griffe.BreakageKind) -> bool:
    if any(part.startswith("_") and part != "__init__" for part in path.split(".")):
        return False  # nobody calls it
    # What a field is assigned says its name on the wire; the constants of codes are their values.
    return kind is not griffe.BreakageKind.ATTRIBUTE_CHANGED_VALUE or (
        module == "codes" and path.count(".") == 1 and path.split(".")[1].isupper()
    )


def test_the_caller_of_the_old_package_is_sound(type_errors: Mapping[str, list[str]]) -> None:
    assert {name: type_errors[f"old_{name}"] for name in ("full", "bodies")} == {
        "full": [],
        "bodies": [],
    }


@pytest.mark.parametrize("name", CASES)
def test_where_the_verdict_says_safe_nothing_breaks(
    made: Path, type_errors: Mapping[str, list[str]], name: str
) -> None:
    if verdict(name) <= Level.SAFE:
        assert (breakages(made, name), type_errors[name]) == ([], [])


@pytest.mark.parametrize("name", CASES)
def test_what_breaks_in_fact_is_called_breaking_and_the_reverse(
    made: Path, type_errors: Mapping[str, list[str]], name: str
) -> None:
    broken = bool(breakages(made, name) or type_errors[name])
    if broken:
        assert verdict(name) >= Level.RISKY
    elif name not in RUN_TIME_ONLY:
        assert verdict(name) < Level.BREAKING
