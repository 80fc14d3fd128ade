"""lines.yaml: what it says, and what is wrong with it."""

import pytest

from gridwright.trace.hashes import hash_line, hash_lines
from gridwright.trace.lines import understand_lines

from .support import DOCUMENT, LINES, lines_of, with_hashes


def problems(text: str) -> list[str]:
    return [
        f"{p.span.line}:{p.span.column} {p.code}" for p in understand_lines(text.encode(), "l")[1]
    ]


def test_a_whole_file_is_understood() -> None:
    lines, found = understand_lines(with_hashes(LINES).encode(), "lines.yaml")
    assert lines is not None and not found
    assert [(d.name, d.like, d.reason) for d in lines.dismissals] == [
        ("dismissed.0", False, "page number"),
        ("dismissed.1", True, "heads of columns"),
    ]
    assert lines.hashes == hash_lines("demo", lines_of(DOCUMENT))
    assert with_hashes(LINES).split("\n")[lines.first_hash - 1].strip() == lines.hashes[0]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("dismissed: [{at: 1, resaon: x}]\n", "1:21 unknown-key"),
        ("dismissed: []\n", "1:12 empty-value"),
        ("dismissed: [{at: six, reason: x}]\n", "1:18 malformed-value"),
        ("dismissed: [{reason: x}]\n", "1:13 dismissal-form"),
        ("withheld: [{at: 3}]\n", "1:12 missing-key"),
        ("unsettled: [{file: other.yaml, fact: x, was: 3}]\n", "1:20 unknown-word"),
        ("hashes: |\n  -\n  zz\n", "3:3 malformed-hash"),
        ("hashes: |\n  -\n  ?\n", "3:3 withheld-hash"),
    ],
)
def test_a_mistake_is_reported_at_its_place(text: str, problem: str) -> None:
    assert problem in problems(text)


def test_a_hash_depends_on_the_system_and_on_the_text_but_not_on_blanks_at_its_end() -> None:
    assert hash_line("demo", "a\tb") == hash_line("demo", "a\tb \t\r")
    assert (
        len({hash_line("demo", "a b"), hash_line("demo", "a  b"), hash_line("other", "a b")}) == 3
    )
    assert hash_line("demo", " \t") == "-"


def test_a_withheld_line_has_no_hash() -> None:
    assert hash_lines("demo", ["a", "password", ""], {2}) == (hash_line("demo", "a"), "?", "-")
