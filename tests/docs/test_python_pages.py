"""README.md, docs/clients.md, docs/mocks.md: what they print runs, and gives what they print."""

import contextlib
import inspect
import io
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from gridwright.load import amend_text
from gridwright.pipeline import understand
from gridwright_apis import epias_ecms, kepco_opm
from gridwright_apis.kepco_opm import mock
from gridwright_runtime import errors
from gridwright_runtime.mock.transport import MockTransport

ROOT = Path(__file__).parents[2]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of the blocks of one language."""
    lines = page(name).split("\n")
    for number, line in enumerate(lines):
        if line == f"```{language}":
            end = lines.index("```", number)
            yield number + 1, "\n".join([*lines[number + 1 : end], ""])


def block(name: str, language: str, beginning: str) -> str:
    (found,) = (text for _, text in blocks(name, language) if text.startswith(beginning))
    return found


def section(text: str, heading: str) -> str:
    return re.split(r"^## ", text.partition(f"\n## {heading}\n")[2], flags=re.MULTILINE)[0]


def run_example(text: str, folder: Path) -> str:
    """Run a program as a reader would, and return what it prints."""
    example = folder / "example.py"
    example.write_text(text, encoding="utf-8")
    # No ticket of an example may be left behind, nor one of the reader's be used.
    environment = {**os.environ, "PYTHONUTF8": "1", "XDG_CACHE_HOME": str(folder / "cache")}
    command = [sys.executable, "-W", "error", str(example)]
    run = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    assert run.stderr == ""
    assert not (folder / "cache").exists()
    return run.stdout


def test_the_first_example_of_the_readme_runs_as_printed(tmp_path: Path) -> None:
    printed = run_example(block("README.md", "python", "from datetime import date\n"), tmp_path)
    first, last = block("README.md", "text", "2024-10-01 00:00").split("…\n")
    assert printed.startswith(first)
    assert printed.endswith(last)
    assert len(printed.splitlines()) == 96


def test_the_second_example_of_the_readme_runs_as_printed(tmp_path: Path) -> None:
    text = block("README.md", "python", "from datetime import datetime\n")
    assert run_example(text, tmp_path) == block("README.md", "text", "json: ")


def test_the_third_example_of_the_readme_runs_as_printed(tmp_path: Path) -> None:
    text = block("README.md", "python", "from datetime import UTC, datetime\n")
    assert run_example(text, tmp_path) == block("README.md", "text", "waited")


def test_the_private_amendments_of_the_how_to_page_fit() -> None:
    [text] = re.findall(r"   ```yaml\n(.*?)   ```", page("docs/how-to.md"), flags=re.DOTALL)
    folder = ROOT / "specs" / "kansai_takusou"
    private = (textwrap.dedent(text).encode(), "private.yaml")
    own = ((folder / "amendments.yaml").read_bytes(), "amendments.yaml")
    loaded, found = amend_text(
        (folder / "interface.yaml").read_bytes(), "interface.yaml", [own, private]
    )
    interface, problems = understand(loaded, found)
    assert interface is not None and not problems
    server = interface.default_server
    assert server is not None and server.address == "https://takusou.example.jp/api/low-takusou"
    report = next(record for record in interface.records if record.name == "CompletionReport")
    assert [(field.wire, field.provisional) for field in report.fields] == [
        ("mshkmNo", False),
        ("shnkoYmd", False),
    ]


def test_the_readme_shows_what_is_generated() -> None:
    generated = page("generated/gridwright_apis/kepco_opm/models.py")
    assert block("README.md", "python", "class ") in generated


def test_the_readme_shows_how_a_request_is_refused() -> None:
    with (
        kepco_opm.Client(service_key="invented-key", transport=transport()) as client,
        pytest.raises(errors.InvalidRequestError) as caught,
    ):
        client.get_period_readings(
            customer_number="0" * 12,
            start_date=date(2024, 10, 1),
            end_date=date(2024, 10, 2),
            start_time="25",
            end_time="0100",
        )
    assert block("README.md", "text", "kepco_opm.get") == f"{caught.value}\n"


def test_the_readme_shows_a_diagnostic_of_the_spec_language_page() -> None:
    assert block("README.md", "text", "specs/") in page("docs/language/facts.md")


def transport() -> MockTransport:
    return MockTransport(mock.application())


@pytest.mark.parametrize("name", ["docs/clients.md", "docs/mocks.md", "docs/tables.md"])
def test_the_blocks_of_a_page_run_one_after_another(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEPCO_OPM_SERVICE_KEY", "invented-key")
    names: dict[str, object] = {"__name__": "page"}
    with contextlib.redirect_stdout(io.StringIO()):
        for line, text in blocks(name, "python"):
            code = compile("\n" * line + text, name, "exec", dont_inherit=True)
            exec(code, names)


def test_the_tree_of_errors_is_the_tree_of_the_page() -> None:
    rows = re.findall(r"^\| ((?:[│├└─] ?| )*)`(\w+Error)` \|", page("docs/clients.md"), re.M)
    told: list[tuple[str, str]] = []
    above: dict[int, str] = {}
    for lead, name in rows:
        depth = len(lead) // 2
        above[depth] = name
        if depth:
            told.append((name, above[depth - 1]))
    there = [
        (name, next(base.__name__ for base in kind.__bases__ if base is not ValueError))
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.GridwrightError) and kind is not errors.GridwrightError
    ]
    assert sorted(told) == sorted(there)


def test_the_page_of_the_client_tells_every_argument() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", section(page("docs/clients.md"), "The client"), re.M)
    assert rows == list(inspect.signature(kepco_opm.Client).parameters)
    more = re.findall(r"^\| `(\w+)` \|", section(page("docs/clients.md"), "Logins"), re.M)
    there = list(inspect.signature(epias_ecms.Client).parameters)
    assert [name for name in there if name not in rows] == more
    assert [name for name in rows if name not in there] == ["service_key"]
