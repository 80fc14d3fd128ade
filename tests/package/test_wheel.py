"""The wheel alone, with what its metadata asks for and nothing else."""

import os
import re
import subprocess
import sys
import venv
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from tests.systems import SYSTEMS

ROOT = Path(__file__).resolve().parents[2]

CONSUMER = """
import sys
from datetime import date
import httpx2
from gridwright_apis import kepco_opm

record = {"custNo": "0100000001", "meterNo": "1", "mr_ymd": "20241001", "multi_meter_yn": "N"}
record |= {f"pwr_qty{m // 60:02}{m % 60:02}": 1.5 for m in range(15, 1441, 15)}
reply = httpx2.Response(200, json={"dayLpDataInfoList": [record]})
transport = httpx2.MockTransport(lambda request: reply)
with kepco_opm.Client(service_key="invented-key", transport=transport) as client:
    got = client.get_day_load_profile(customer_number="0100000001", date=date(2024, 10, 1))
assert len(got.records[0].readings()) == 96
assert not got.deviations
loaded = {name.partition(".")[0] for name in sys.modules}
forbidden = {"gridwright", "jinja2", "yaml", "jsonschema", "black", "starlette", "pydantic"}
assert not loaded & forbidden, loaded & forbidden
print("consumer fine")
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    subprocess.run([*command, str(ROOT)], check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


def closure(requirements: Iterable[str], extra: str = "") -> dict[str, Distribution]:
    """Return the installed distributions that the requirements need, by name."""
    found: dict[str, Distribution] = {}
    waiting = [(Requirement(text), extra) for text in requirements]
    while waiting:
        requirement, wanted = waiting.pop()
        marker = requirement.marker
        if marker and not any(marker.evaluate({"extra": e}) for e in {wanted, ""}):
            continue
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if name in found:
            continue
        found[name] = distribution(requirement.name)
        extras = requirement.extras or {""}
        for text in found[name].requires or ():
            waiting += [(Requirement(text), e) for e in extras]
    return found


def environment(tmp_path: Path, wheel: Path, extra: str = "") -> Path:
    """Make an environment with the wheel and what it requires, copied from this one; offline."""
    home = tmp_path / "environment"
    venv.create(home, with_pip=False, symlinks=True)
    (site,) = home.glob("lib/python3*/site-packages")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*install, "--target", str(site), str(wheel)], check=True, capture_output=True)
    (metadata,) = site.glob("gridwright-*.dist-info")
    requires = Distribution.at(metadata).requires or []
    for needed in closure(requires, extra).values():
        for file in needed.files or ():
            target = site / str(file)
            if ".." in Path(str(file)).parts or target.exists():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(Path(str(file.locate())).resolve())
    return home / "bin" / "python"


def run(python: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "KEPCO"))}
    return subprocess.run(
        [str(python), "-I", *arguments], cwd=cwd, env=clean, capture_output=True, text=True
    )


def test_plain_wheel_brings_a_working_client_and_nothing_of_the_generator(
    wheel: Path, tmp_path: Path
) -> None:
    python = environment(tmp_path, wheel)
    done = run(python, "-W", "error", "-c", CONSUMER, cwd=tmp_path)
    assert done.stdout == "consumer fine\n", done.stderr


def test_mock_extra_brings_the_mock(wheel: Path, tmp_path: Path) -> None:
    python = environment(tmp_path, wheel, "mock")
    code = (
        "from datetime import date\n"
        "from gridwright_apis import kepco_opm\n"
        "from gridwright_apis.kepco_opm import mock\n"
        "from gridwright_runtime.mock.transport import MockTransport\n"
        "import uvicorn\n"
        "transport = MockTransport(mock.application())\n"
        "with kepco_opm.Client(service_key='demo-service-key', transport=transport) as client:\n"
        "    print(len(client.list_customers().records))\n"
    )
    done = run(python, "-c", code, cwd=tmp_path)
    assert done.stdout.strip().isdecimal(), done.stderr


def test_the_wheel_brings_the_pytest_plugin(wheel: Path, tmp_path: Path) -> None:
    python = environment(tmp_path, wheel)
    code = (
        "from importlib.metadata import entry_points\n"
        "(found,) = entry_points(group='pytest11', name='gridwright')\n"
        "from importlib.util import find_spec\n"
        "print(found.value, find_spec(found.value) is not None)\n"
    )
    done = run(python, "-c", code, cwd=tmp_path)
    assert done.stdout == "gridwright_runtime.testing.plugin True\n", done.stderr


def test_generate_extra_brings_the_generator(wheel: Path, tmp_path: Path) -> None:
    python = environment(tmp_path, wheel, "generate")
    for arguments in (("new", "my_company"), ("check",), ("generate", "--package", "own.apis")):
        done = run(python, "-m", "gridwright", *arguments, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "generated/own/apis/my_company/client.py").is_file()


def test_command_line_without_the_extra_says_what_to_install(wheel: Path, tmp_path: Path) -> None:
    python = environment(tmp_path, wheel)
    (tmp_path / "specs" / "x").mkdir(parents=True)
    (tmp_path / "specs" / "x" / "interface.yaml").write_text("gridwright: 1\n")
    done = run(python, "-m", "gridwright", "generate", cwd=tmp_path)
    assert done.returncode == 2
    assert "pip install 'gridwright[generate]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_wheel_holds_types_templates_and_licence(wheel: Path) -> None:
    from zipfile import ZipFile

    names = ZipFile(wheel).namelist()
    packages = [f"gridwright_apis/{system}" for system in SYSTEMS]
    for package in ("gridwright", "gridwright_runtime", *packages):
        assert f"{package}/py.typed" in names
    for system in SYSTEMS:
        assert f"gridwright_interfaces/{system}.json" in names
    assert "gridwright/templates/python/client.py.j2" in names
    assert "gridwright/language/interface.schema.json" in names
    assert any(name.endswith("LICENSE") for name in names)
    assert not any(name.startswith(("tests", "bench", "specs")) for name in names)
