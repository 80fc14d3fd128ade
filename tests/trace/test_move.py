"""--move: citations whose lines only moved are rewritten, and not a byte else; all or nothing."""

import random
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright.output.write import replace_files
from gridwright.pipeline import interface_of
from gridwright.source import read_yaml
from gridwright.trace.check import check_lines
from gridwright.trace.facts import numbers, ranges_of
from gridwright.trace.move import MoveError, rewrite
from gridwright.trace.report import EditionOutcome, edition_of, moved

from .support import (
    AMENDMENTS,
    DOCUMENT,
    INTERFACE,
    LINES,
    SYSTEM,
    lines_in,
    lines_of,
    spec_in,
    with_hashes,
    write_system,
)

CITATION = re.compile(r"at: (\[[^]]*\]|[0-9-]+)")
INSERTED = DOCUMENT.replace("Page 1\n", "Page 1\n\nContents\n")


def compared(specs: Path, new: str, *, with_text: bool = True) -> EditionOutcome:
    folder = specs.parent
    (folder / "new.txt").write_text(new, "utf-8")
    documents = folder / "documents" if with_text else None
    found, problems = edition_of(specs, SYSTEM, documents, folder / "new.txt")
    assert found is not None and not problems
    return found


def move(specs: Path, new: str, *, with_text: bool = True) -> Mapping[Path, bytes]:
    """Rewrite the citations for a new text, and put it in the place of the former one."""
    texts = moved(specs, compared(specs, new, with_text=with_text))
    replace_files(texts)
    (specs.parent / "documents" / "demo.txt").write_text(new, "utf-8")
    return texts


def codes(specs: Path) -> list[str]:
    return [p.code for p in check_lines(specs, SYSTEM, specs.parent / "documents")]


def text_of(specs: Path, name: str) -> str:
    return (specs / SYSTEM / name).read_text("utf-8")


def cited_texts(specs: Path, document: str) -> dict[str, list[str]]:
    """Return the texts that each fact cites, blank ones left out."""
    lines = lines_of(document)
    found: dict[str, list[str]] = {}
    for fact in (*spec_in(specs).facts, *lines_in(specs).facts):
        cited = [lines[n - 1] for n in numbers(fact.lines)]
        found.setdefault(fact.name, []).extend(sorted(line for line in cited if line.strip()))
    return found


@pytest.mark.parametrize("with_text", [True, False])
def test_after_an_insertion_all_citations_follow_and_nothing_else_changes(
    with_text: bool, tmp_path: Path
) -> None:
    specs = write_system(tmp_path)
    move(specs, INSERTED, with_text=with_text)
    after = text_of(specs, "interface.yaml")
    assert CITATION.sub("at: ", after) == CITATION.sub("at: ", INTERFACE)
    assert "at: 6-8   # heading and names" in after and "at: [14, 15]" in after
    # Ours, and no citation.
    assert "line 4 says nothing" in after
    assert text_of(specs, "amendments.yaml") == AMENDMENTS.replace("[16, 17]", "[18, 19]").replace(
        "at: 9", "at: 11"
    )
    assert "- {at: [2, 12, 20], reason: page number}" in text_of(specs, "lines.yaml")
    assert codes(specs) == ["uncited-line"]  # the new line, which nobody has read


def test_a_range_through_which_a_line_was_pushed_is_parted(tmp_path: Path) -> None:
    specs = write_system(tmp_path)
    new = DOCUMENT.replace("Name  list", "Version  1\nName  list")
    move(specs, new)
    assert "at: [4-5, 7]   # heading" in text_of(specs, "interface.yaml")


def test_a_blank_line_does_not_part_a_range(tmp_path: Path) -> None:
    specs = write_system(tmp_path)
    move(specs, DOCUMENT.replace("Name  list", "\nName  list"))
    assert "at: 4-7   # heading" in text_of(specs, "interface.yaml")
    assert codes(specs) == []


def test_a_fact_whose_line_changed_keeps_its_citation_and_is_listed(tmp_path: Path) -> None:
    specs = write_system(tmp_path)
    new = INSERTED.replace("of the meter  10  O", "of the meter  12  O")
    move(specs, new)
    assert "size: 10, at: 8}" in text_of(specs, "interface.yaml")
    entry = (
        '- {file: interface.yaml, fact: "operations.list_readings.request.meterNo", was: 8, '
        "now: 10}\n"
    )
    assert entry in text_of(specs, "lines.yaml")
    assert sorted(set(codes(specs))) == ["uncited-line", "unsettled-line"]


def test_a_settled_fact_and_a_removed_entry_end_the_edition(tmp_path: Path) -> None:
    specs = write_system(tmp_path)
    move(specs, DOCUMENT.replace("of the meter  10  O", "of the meter  12  O"))
    own = specs / SYSTEM
    lines = text_of(specs, "lines.yaml")
    kept = [row for row in lines.splitlines(keepends=True) if "unsettled" not in row]
    kept = [row for row in kept if "request.meterNo" not in row]
    (own / "lines.yaml").write_text("".join(kept), "utf-8")
    fixed = INTERFACE.replace("size: 10, at: 8}", "size: 12, at: 8}")
    (own / "interface.yaml").write_text(fixed, "utf-8")
    assert codes(specs) == []


def test_moving_twice_is_moving_once(tmp_path: Path) -> None:
    specs = write_system(tmp_path)
    assert move(specs, INSERTED)
    assert move(specs, INSERTED) == {}


def test_what_the_last_edition_left_has_to_be_settled_first(tmp_path: Path) -> None:
    specs = write_system(tmp_path)
    new = DOCUMENT.replace("14,4", "16,4")
    move(specs, new)
    before = {path: path.read_bytes() for path in (specs / SYSTEM).iterdir()}
    with pytest.raises(MoveError, match="settle them first"):
        move(specs, "Contents\n" + new)
    assert {path: path.read_bytes() for path in (specs / SYSTEM).iterdir()} == before


def test_a_list_over_several_lines_is_rewritten_in_place(tmp_path: Path) -> None:
    interface = INTERFACE.replace("at: [12, 13]", 'at: [12,\n        "13"]')
    specs = write_system(tmp_path, interface=interface)
    move(specs, INSERTED)
    assert "at: [14,\n        15]" in text_of(specs, "interface.yaml")


def test_a_list_over_several_lines_that_would_grow_stops_the_whole_move(tmp_path: Path) -> None:
    interface = INTERFACE.replace("at: 4-6   # heading and names", "at:\n    - 4-6")
    specs = write_system(tmp_path, interface=interface)
    with pytest.raises(MoveError, match="write it in one line"):
        move(specs, DOCUMENT.replace("Name  list", "Version  1\nName  list"))
    assert text_of(specs, "interface.yaml") == interface


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_line_ends_comments_and_quotes_stay_as_they_are(ends: str) -> None:
    text = ends.join(
        ["a: {at: '7', x: 1} # at: 7", "b:", "  at:  8  # eight", "c: {at: [1,  9-10 ]}"]
    )
    root, _ = read_yaml(text.encode(), "f")
    assert root is not None
    at = [node for node in (root.get(k) for k in "abc") if node is not None]
    changes = [
        (n.get("at"), r)
        for n, r in zip(at, [((17, 17),), ((18, 19),), ((1, 1), (9, 10), (12, 12))], strict=True)
    ]
    assert rewrite(text, [(n, r) for n, r in changes if n is not None]) == ends.join(
        ["a: {at: 17, x: 1} # at: 7", "b:", "  at:  18-19  # eight", "c: {at: [1, 9-10, 12 ]}"]
    )


SECRET = "Sample password  open-sesame"
RULES = LINES + "withheld:\n- {at: 19, reason: sample of a password}\n"


def with_secret(folder: Path) -> Path:
    document = f"{DOCUMENT}{SECRET}\n"
    return write_system(folder, document=document, lines=with_hashes(RULES, document, [19]))


@pytest.mark.parametrize(
    ("end", "withheld"),
    [
        (f"{SECRET}\n", "at: 20"),
        ("Sample password  open-barley\n", "at: 20"),
        # Which of them is the secret one cannot be told, so both are kept back.
        ("Sample password  open-barley\nSample secret  rye\n", "at: 20-21"),
    ],
)
def test_a_withheld_line_gets_no_hash_wherever_it_goes(
    end: str, withheld: str, tmp_path: Path
) -> None:
    specs = with_secret(tmp_path)
    move(specs, f"Contents\n{DOCUMENT}{end}")
    assert f"withheld:\n- {{{withheld}, reason" in text_of(specs, "lines.yaml")
    lines = lines_in(specs)
    assert lines.hashes is not None
    assert {n for n, token in enumerate(lines.hashes, 1) if token == "?"} == lines.withheld_lines


def test_a_line_that_repeats_a_withheld_one_gets_no_hash_either(tmp_path: Path) -> None:
    specs = with_secret(tmp_path)
    move(specs, f"It is open-sesame\n{DOCUMENT}{SECRET}\n")
    assert "withheld:\n- {at: [1, 20], reason" in text_of(specs, "lines.yaml")
    lines = lines_in(specs)
    assert lines.hashes is not None
    assert {n for n, token in enumerate(lines.hashes, 1) if token == "?"} == {1, 20}


def test_without_the_former_text_lines_that_are_withheld_stop_the_move(tmp_path: Path) -> None:
    specs = with_secret(tmp_path)
    with pytest.raises(MoveError, match="give its folder by --documents"):
        move(specs, f"Contents\n{DOCUMENT}{SECRET}\n", with_text=False)


@pytest.mark.parametrize("new", ["", "Quite another text\n" * 30])
def test_to_another_document_nothing_is_moved(new: str, tmp_path: Path) -> None:
    specs = write_system(tmp_path)
    with pytest.raises(MoveError, match="hardly a line"):
        moved(specs, compared(specs, new))


def test_a_spec_that_cannot_be_read_is_not_rewritten(tmp_path: Path) -> None:
    specs = write_system(tmp_path, amendments=AMENDMENTS + "- {id: x, id: y, at: 9}\n")
    folder = specs.parent
    (folder / "new.txt").write_text(INSERTED, "utf-8")
    found, problems = edition_of(specs, SYSTEM, None, folder / "new.txt")
    assert found is None and [p.code for p in problems] == ["duplicate-key"]


def test_patches_and_what_they_expect_move_together(tmp_path: Path) -> None:
    amendments = AMENDMENTS + (
        "- id: list-cited-wrongly\n  kind: erratum\n  at: 12\n  finding: x\n  ruling: y\n"
        "  patch:\n    operations.list_readings.reply.list: "
        "{printed: {element: readings, at: [12, 13]}, use: {element: readings, at: 13}}\n"
        "    operations.list_readings.address.at: {printed: 5, use: 6}\n"
    )
    specs = write_system(tmp_path, amendments=amendments)
    assert interface_of(specs, SYSTEM)[1] == ()
    move(specs, INSERTED)
    assert interface_of(specs, SYSTEM)[1] == ()
    assert "{printed: 7, use: 8}" in text_of(specs, "amendments.yaml")


@st.composite
def shuffled(draw: st.DrawFn) -> str:
    """Draw an edition with new lines, and with blocks of lines elsewhere."""
    lines = lines_of(DOCUMENT)
    for _ in range(draw(st.integers(0, 3))):
        first = draw(st.integers(0, len(lines) - 1))
        block = lines[first : first + draw(st.integers(1, 6))]
        rest = lines[:first] + lines[first + len(block) :]
        place = draw(st.integers(0, len(rest)))
        lines = rest[:place] + block + rest[place:]
    for number in range(draw(st.integers(0, 6))):
        lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(["", f"new {number}"])))
    return "\n".join([*lines, ""])


@settings(max_examples=60, deadline=None)
@given(shuffled(), st.booleans())
def test_whatever_moved_the_same_facts_cite_the_same_texts(
    tmp_path_factory: pytest.TempPathFactory, new: str, with_text: bool
) -> None:
    specs = write_system(tmp_path_factory.mktemp("move"))
    before = cited_texts(specs, DOCUMENT)
    move(specs, new, with_text=with_text)
    assert cited_texts(specs, new) == before
    assert lines_in(specs).unsettled == ()
    new_lines = {n for n, line in enumerate(lines_of(new), 1) if line.startswith("new ")}
    assert set(codes(specs)) == ({"uncited-line"} if new_lines else set())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from("abcd\n"), min_size=20, max_size=30), st.randoms())
def test_also_in_a_text_that_repeats_itself_nothing_is_moved_to_another_text(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], chance: random.Random
) -> None:
    old = "".join(f"{text.strip()}\n" for text in texts)
    rows = lines_of(old)
    for _ in range(3):
        rows.insert(chance.randrange(len(rows)), rows.pop(chance.randrange(len(rows))))
    new = "\n".join([*rows, ""])
    specs = write_system(tmp_path_factory.mktemp("move"), document=old, lines=with_hashes("", old))
    before = cited_texts(specs, old)
    unsettled_before = lines_in(specs).unsettled
    move(specs, new, with_text=chance.random() < 0.5)
    unsettled = {entry.fact for entry in lines_in(specs).unsettled}
    after = cited_texts(specs, new)
    assert unsettled_before == ()
    assert {k: v for k, v in after.items() if k not in unsettled} == {
        k: v for k, v in before.items() if k not in unsettled
    }


def test_lines_of_a_citation_are_read_as_the_generator_reads_them() -> None:
    root, _ = read_yaml(b"at: [1, 3-4]", "f")
    assert root is not None and ranges_of(root.get("at")) == ((1, 1), (3, 4))
