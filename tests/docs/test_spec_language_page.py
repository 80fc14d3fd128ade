"""docs/spec-language.md: every block is what the page says it is, and no key is left out.

A YAML block stands below a comment that says what it is:

- ``<!-- spec -->``: a whole spec; the first one of the page is the base of the other blocks;
- ``<!-- in: PATH -->``: merged into the base at that path, ``.`` for the top;
- ``<!-- amendments -->``: a file of amendments, laid over the base;
- ``<!-- lines -->``: a file of lines.

After it may follow ``error: CODE`` (that is reported), ``not generated yet`` (nothing is wrong but
that), ``name: NAME`` and ``over: NAME`` (the base is the named block, in its own place).

A table below ``<!-- keys: GRAMMAR PATH -->`` lists the keys of one mapping of a grammar; a row
``a.b`` lists those of a small mapping below it. In paths, ``*`` is any key and ``[]`` any item.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from gridwright.catalogue import CATALOGUE
from gridwright.checks import check
from gridwright.diagnostics import Diagnostic
from gridwright.language import grammar
from gridwright.laws import LAWS
from gridwright.load import amend_text
from gridwright.pipeline import generate
from gridwright.resolve import resolve
from gridwright.source import read_yaml
from gridwright.trace.lines import understand_lines
from gridwright.vocabulary import PATTERNS

PAGE = Path(__file__).parents[2] / "docs" / "spec-language.md"
TEXT = PAGE.read_text(encoding="utf-8")
LINES = TEXT.split("\n")
CITATION = {"at", "inferred", "assumed", "observed"}


@dataclass(frozen=True)
class Block:
    line: int
    kind: str
    marks: dict[str, str]
    text: str

    def __str__(self) -> str:
        return f"line {self.line}"


def blocks() -> Iterator[Block]:
    for number, line in enumerate(LINES):
        if line != "```yaml":
            continue
        end = LINES.index("```", number)
        comment = re.fullmatch(r"<!-- (.*) -->", LINES[number - 1])
        kind, *marks = comment[1].split("; ") if comment else [""]
        pairs = (mark.partition(": ") for mark in marks)
        text = "\n".join([*LINES[number + 1 : end], ""])
        yield Block(number + 1, kind, {key: value for key, _, value in pairs}, text)


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


# What the grammars have and the page must tell.


def target(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = {**root["$defs"][name], **{k: v for k, v in schema.items() if k != "$ref"}}
    return schema


def below(schema: dict[str, Any], root: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what stands directly below a part of a grammar, with its step in a path."""
    schema = target(schema, root)
    for key, value in schema.get("properties", {}).items():
        yield key, target(value, root)
    if isinstance(schema.get("additionalProperties"), dict):
        yield "*", target(schema["additionalProperties"], root)
    if "items" in schema:
        yield "[]", target(schema["items"], root)
    for number, choice in enumerate(schema.get("oneOf", [])):
        yield str(number), target(choice, root)


def walk(schema: dict[str, Any], root: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield target(schema, root)
    for _, part in below(schema, root):
        yield from walk(part, root)


def keys_of(schema: dict[str, Any]) -> dict[str, bool]:
    """Return the keys of a mapping and whether they must be there."""
    required = schema.get("required", [])
    properties = schema.get("properties", {})
    return {key: key in required for key in properties if key not in CITATION}


def identity(schema: dict[str, Any]) -> str:
    """Return what tells one mapping from another: its keys, whatever the words about it."""
    part = {key: schema[key] for key in ("properties", "required") if key in schema}
    return json.dumps(part, sort_keys=True)


def tables() -> Iterator[tuple[int, str, list[str], dict[str, bool]]]:
    for number, line in enumerate(LINES):
        comment = re.fullmatch(r"<!-- keys: (\w+)(?: (\S+))? -->", line)
        if comment is None:
            continue
        rows: dict[str, bool] = {}
        for row in LINES[number + 3 :]:
            cells = re.fullmatch(r"\| `([^`]+)` \|( yes)? ? ?\| .+ \|", row)
            if cells is None:
                break
            rows[cells[1]] = cells[2] is not None
        yield number + 1, comment[1], (comment[2] or "").split(".") if comment[2] else [], rows


TABLES = tuple(tables())


def find(name: str, path: list[str]) -> dict[str, Any]:
    root = grammar(name)
    part = target(root, root)
    for step in path:
        part = dict(below(part, root))[step]
    return part


@pytest.mark.parametrize(("line", "name", "path", "rows"), TABLES, ids=lambda v: str(v)[:40])
def test_a_table_lists_exactly_the_keys_of_the_grammar(
    line: int, name: str, path: list[str], rows: dict[str, bool]
) -> None:
    part, root = find(name, path), grammar(name)
    expected = keys_of(part)
    # A dotted row brings in all keys of the mapping it points into.
    for stem in {row.rpartition(".")[0] for row in rows if "." in row}:
        inner = part
        for step in stem.split("."):
            inner = dict(below(inner, root))[step]
        expected |= {f"{stem}.{key}": required for key, required in keys_of(inner).items()}
    assert rows == expected


def test_every_mapping_of_the_grammars_has_its_table() -> None:
    told = set()
    for _, name, path, rows in TABLES:
        part, root = find(name, path), grammar(name)
        told.add(identity(part))
        for stem in {row.rpartition(".")[0] for row in rows if "." in row}:
            inner = part
            for step in stem.split("."):
                inner = dict(below(inner, root))[step]
            told.add(identity(inner))
    untold = [
        sorted(keys_of(part))
        for name in ("interface", "amendments", "lines")
        for part in walk(grammar(name), grammar(name))
        if keys_of(part) and identity(part) not in told
    ]
    assert untold == []


@pytest.mark.parametrize("name", ["interface", "amendments", "lines"])
def test_every_word_of_the_grammars_is_on_the_page(name: str) -> None:
    words = {
        str(word)
        for part in walk(grammar(name), grammar(name))
        for word in part.get("enum", [])
        if not isinstance(word, bool | int)
    }
    assert {word for word in words if f"`{word}`" not in TEXT} == set()


def test_every_pattern_is_in_its_table() -> None:
    patterns = {f"| `{text}` | `{pattern.kind}` |" for text, pattern in PATTERNS.items()}
    assert {row for row in patterns if row not in TEXT} == set()


def test_the_page_has_all_laws() -> None:
    rows = [f"| `{law.code}` | {law.why} | {law.instead} |" for law in LAWS]
    start = LINES.index("<!-- laws -->") + 3
    assert LINES[start : start + len(rows)] == rows
