"""docs/spec-language.md and the guides: every block is what its page says it is.

A YAML block stands below a comment that says what it is:

- ``<!-- spec -->``: a whole spec; the first one of the first page is the base of the other blocks;
- ``<!-- in: PATH -->``: merged into the base at that path, ``.`` for the top;
- ``<!-- amendments -->``: a file of amendments, laid over the base;
- ``<!-- lines -->``: a file of lines.

After it may follow ``error: CODE`` (that is reported), ``not generated yet`` (nothing is wrong but
that), ``name: NAME`` and ``over: NAME`` (the base is the named block, in its own place).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.rendered import assert_rendered

from gridwright.catalogue import CATALOGUE
from gridwright.checks import check
from gridwright.diagnostics import Diagnostic
from gridwright.language.reference import keys_page
from gridwright.laws import LAWS
from gridwright.load import amend_text
from gridwright.notation.known_patterns import PATTERNS
from gridwright.pipeline import generate
from gridwright.resolve import resolve
from gridwright.source import read_yaml
from gridwright.trace.lines import understand_lines

DOCS = Path(__file__).parents[2] / "docs"
KEYS = DOCS / "language" / "keys.md"
PAGES = [DOCS / "spec-language.md", *sorted(set((DOCS / "language").glob("*.md")) - {KEYS})]
TEXTS = {page.name: page.read_text(encoding="utf-8") for page in PAGES}
TEXT = "\n".join(TEXTS.values())


@dataclass(frozen=True)
class Block:
    page: str
    line: int
    kind: str
    marks: dict[str, str]
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def blocks() -> Iterator[Block]:
    for page, whole in TEXTS.items():
        lines = whole.split("\n")
        for number in (n for n, line in enumerate(lines) if line == "```yaml"):
            end = lines.index("```", number)
            comment = re.fullmatch(r"<!-- (.*) -->", lines[number - 1])
            kind, *marks = comment[1].split("; ") if comment else [""]
            pairs = (mark.partition(": ") for mark in marks)
            text = "\n".join([*lines[number + 1 : end], ""])
            yield Block(page, number + 1, kind, {key: value for key, _, value in pairs}, text)


BLOCKS = tuple(blocks())
BASE = next(block for block in BLOCKS if block.kind == "spec")


def load(text: str) -> Any:
    return yaml.load(text, Loader=yaml.BaseLoader)


def merged(base: Any, part: Any) -> Any:
    if isinstance(base, dict) and isinstance(part, dict):
        both = {key: merged(base[key], part[key]) for key in base.keys() & part.keys()}
        return {**base, **part, **both}
    return part


def placed(block: Block) -> str:
    """Return the base with the block in its place."""
    if block.kind == "spec":
        return block.text
    part = load(block.text)
    path = block.kind.removeprefix("in: ")
    for key in reversed(path.split(".") if path != "." else []):
        part = {key: part}
    whole = merged(load(base_of(block)), part)
    return yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)


def base_of(block: Block) -> str:
    over = block.marks.get("over")
    if over is None:
        return BASE.text
    return placed(next(b for b in BLOCKS if b.marks.get("name") == over))


def problems(block: Block) -> list[Diagnostic]:
    """Return what is wrong with a block in its place."""
    if block.kind == "lines":
        return understand_lines(block.text.encode(), "lines.yaml")[1]
    if block.kind == "amendments":
        spec, amendments = base_of(block), [(block.text.encode(), "amendments.yaml")]
    else:
        own = read_yaml(block.text.encode(), "block.yaml")[1]
        if own:
            return own
        spec = placed(block)
        amendments = []
    loaded, found = amend_text(spec.encode(), "interface.yaml", amendments)
    if loaded is None or found:
        return found
    interface, found = resolve(loaded.root, loaded.amendments)
    return found or check(interface)


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_says_what_it_is(block: Block) -> None:
    assert block.kind in ("spec", "amendments", "lines") or block.kind.startswith("in: ")
    assert block.marks.keys() <= {"error", "name", "over"}


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_is_right_or_wrong_as_it_says(block: Block) -> None:
    found = problems(block)
    codes = {diagnostic.code for diagnostic in found}
    if "error" in block.marks:
        assert codes == {block.marks["error"]}, found
    else:
        assert not found, found


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.kind == "spec"], ids=str)
def test_a_whole_spec_can_be_generated(block: Block, tmp_path: Path) -> None:
    generated(block, tmp_path)


def test_a_search_can_be_generated(tmp_path: Path) -> None:
    client = generated(next(b for b in BLOCKS if b.marks.get("name") == "search"), tmp_path)
    for name in ("save_readings", "find_saved_readings", "search_readings", "iter_readings"):
        assert f"def {name}(" in client


def generated(block: Block, folder: Path) -> str:
    """Generate a block in its place, and return its clients."""
    system = load(placed(block))["system"]
    spec = folder / system / "interface.yaml"
    spec.parent.mkdir()
    spec.write_text(placed(block), encoding="utf-8")
    result = generate(folder, system)
    assert result.problems == ()
    texts = {artifact.path: artifact.text for artifact in result.artifacts}
    return texts[f"gridwright_apis/{system}/client.py"]


def test_the_printed_diagnostic_is_what_is_reported() -> None:
    (printed,) = re.findall(r"```text\n(specs/.*?)\n```", TEXT, re.DOTALL)
    code = re.search(r"error\[(.*?)\]", printed)
    assert code is not None
    wrong = next(b for b in BLOCKS if b.marks.get("error") == code[1])
    reported = str(problems(wrong)[0])
    assert reported.partition(": ")[2] == printed.partition(": ")[2]


def test_every_code_that_the_page_names_is_in_the_catalogue() -> None:
    prose = re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`([a-z]+(?:-[a-z0-9]+)+)`", prose))
    assert named - set(CATALOGUE) - set(PATTERNS) - {"http-date"} == set()


def test_the_keys_are_rendered_from_the_grammars(update_golden: bool) -> None:
    assert_rendered(KEYS, keys_page(), update_golden)


def test_every_pattern_is_in_its_table() -> None:
    patterns = {f"| `{text}` | `{pattern.kind}` |" for text, pattern in PATTERNS.items()}
    assert {row for row in patterns if row not in TEXT} == set()


def test_the_page_has_all_laws() -> None:
    rows = [f"| `{law.code}` | {law.why} | {law.instead} |" for law in LAWS]
    lines = TEXT.split("\n")
    start = lines.index("<!-- laws -->") + 3
    assert lines[start : start + len(rows)] == rows
