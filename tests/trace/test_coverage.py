"""Coverage: cited, dismissed, blank, or nobody's."""

from pathlib import Path

import pytest

from gridwright.trace.check import check_lines
from gridwright.trace.coverage import Coverage, cover, in_ranges_alone, kind_rows, runs
from gridwright.trace.hashes import hash_lines
from gridwright.trace.summary import percent, table

from .support import (
    AMENDMENTS,
    DOCUMENT,
    INTERFACE,
    LINES,
    lines_in,
    lines_of,
    spec_in,
    with_hashes,
    write_system,
)  # fmt: skip


def covered(folder: Path, lines: str | None = None, interface: str = INTERFACE) -> Coverage:
    specs = write_system(folder, lines=lines, interface=interface)
    return cover(spec_in(specs), lines_in(specs), hash_lines("demo", lines_of(DOCUMENT)))


def codes(folder: Path, *, with_text: bool = True) -> list[str]:
    documents = folder / "documents" if with_text else None
    return [problem.code for problem in check_lines(folder / "specs", "demo", documents)]


def test_every_line_is_cited_dismissed_blank_or_left(tmp_path: Path) -> None:
    found = covered(tmp_path)
    assert (sorted(found.blank), found.left) == ([3, 11], ())
    assert list(found.dismissed) == [2, 7, 10, 18]
    assert [fact.name for fact in found.cited[9]] == [
        "operations.list_readings.request.day",
        "day-unexplained",
    ]
    assert percent(found) == 100


def test_a_line_that_nobody_cites_is_left(tmp_path: Path) -> None:
    found = covered(tmp_path, lines=with_hashes("dismissed:\n- {at: [2, 10], reason: page}\n"))
    assert found.left == (7, 18)
    assert 0 < percent(found) < 100


def test_a_row_whose_field_was_forgotten_is_in_ranges_alone(tmp_path: Path) -> None:
    # The operation cites the whole table, as a range.
    whole = INTERFACE.replace("    at: 4-6   # heading and names\n", "    at: 4-16\n")
    assert in_ranges_alone(covered(tmp_path / "whole", interface=whole)) == (4, 6, 7, 10)
    row = "        meterNo: {name: meter_number, type: text, size: 10, at: 14}\n"
    found = covered(tmp_path / "forgotten", interface=whole.replace(row, ""))
    assert found.left == () and percent(found) == 100
    assert in_ranges_alone(found) == (4, 6, 7, 10, 14)
    assert "5 lines are cited by ranges of three lines or more alone" in "\n".join(table(found))


def test_a_share_that_is_not_whole_never_looks_it(tmp_path: Path) -> None:
    found = Coverage("demo", "demo.txt", 100_000, (), {}, {}, frozenset(), (7,))
    assert percent(found) == 99.9


def test_one_entry_dismisses_every_line_with_the_same_text(tmp_path: Path) -> None:
    document = (
        DOCUMENT.replace("Page 1", "Page").replace("Page 2", "Page").replace("Page 3", "Page")
    )
    rules = "dismissed:\n- {like: 10, reason: page}\n- {at: 7, reason: heads}\n"
    write_system(tmp_path, lines=with_hashes(rules, document), document=document)
    assert codes(tmp_path) == []


def test_a_blank_line_is_like_no_other(tmp_path: Path) -> None:
    write_system(tmp_path, lines=with_hashes(LINES + "- {like: 3, reason: nothing}\n"))
    assert codes(tmp_path) == ["idle-dismissal"]


def test_a_withheld_line_counts_as_dismissed_by_its_reason(tmp_path: Path) -> None:
    rules = LINES.replace(", 18", "") + "withheld:\n- {at: 18, reason: sample of a password}\n"
    write_system(tmp_path, lines=with_hashes(rules, withheld=[18]))
    assert codes(tmp_path) == []
    assert (
        cover(
            spec_in(tmp_path / "specs"),
            lines_in(tmp_path / "specs"),
            hash_lines("demo", lines_of(DOCUMENT), [18]),
        ).dismissed[18]
        == "sample of a password"
    )


def test_without_the_text_the_recorded_hashes_stand_for_it(tmp_path: Path) -> None:
    write_system(tmp_path, document=None)
    assert codes(tmp_path, with_text=False) == []
    rules = with_hashes(LINES.replace("- {like: 7, reason: heads of columns}\n", ""))
    write_system(tmp_path, document=None, lines=rules)
    assert codes(tmp_path, with_text=False) == ["uncited-line"]


def test_without_text_and_hashes_nothing_is_checked(tmp_path: Path) -> None:
    write_system(tmp_path, document=None, lines=LINES)
    assert codes(tmp_path, with_text=False) == []
    write_system(tmp_path, lines=LINES)
    assert codes(tmp_path) == ["no-hashes"]


def changed(folder: Path, document: str) -> list[str]:
    write_system(folder, document=document)
    found = check_lines(folder / "specs", "demo", folder / "documents")
    return [f"{p.span.line} {p.code}: {p.message}" for p in found]


def test_a_changed_document_is_named_by_its_lines(tmp_path: Path) -> None:
    first = lines_in(write_system(tmp_path)).first_hash
    assert changed(tmp_path, DOCUMENT.replace("10  O", "12  O")) == [
        f"{first + 7} document-changed: line 8 of the document is not as recorded"
    ]
    assert changed(tmp_path, DOCUMENT.replace("2. Reply", "new\nother\n2. Reply")) == [
        f"{first + 11} document-changed: lines 12-13 of the document at hand are new"
    ]
    assert changed(tmp_path, DOCUMENT.replace("1. Readings\n", "")) == [
        f"{first + 3} document-changed: line 4 of the document is not as recorded"
    ]


def test_blank_lines_are_no_change(tmp_path: Path) -> None:
    assert changed(tmp_path, DOCUMENT + "\n\n") == []
    assert changed(tmp_path, DOCUMENT.replace("\n\n", " \n \n")) == []


def test_facts_beyond_the_end_are_reported(tmp_path: Path) -> None:
    write_system(tmp_path, interface=INTERFACE.replace("at: 16}", "at: [16, 19]}"))
    assert codes(tmp_path) == ["no-such-line"]


def test_an_unsettled_fact_cites_nothing(tmp_path: Path) -> None:
    entry = (
        "unsettled:\n- {file: interface.yaml, fact: operations.list_readings.request.meterNo, "
        "was: 8, now: 9}\n"
    )
    write_system(tmp_path, lines=with_hashes(LINES + entry))
    assert codes(tmp_path) == ["uncited-line", "unsettled-line"]
    assert covered(tmp_path, with_hashes(LINES + entry)).left == (8,)


def test_kinds_are_summed_up(tmp_path: Path) -> None:
    rows = {row.kind: (row.facts, row.lines, row.alone) for row in kind_rows(covered(tmp_path))}
    assert rows["parameter"] == (2, 2, 1)
    assert rows["field"] == (3, 3, 1)
    assert rows["erratum"] == (2, 3, 1)
    assert "demo: 100 % of demo.txt: 18 lines, 12 cited, 4 dismissed, 2 blank, 0 left" in table(
        covered(tmp_path)
    )


@pytest.mark.parametrize(
    ("numbers", "expected"), [([], ()), ([3], ((3, 3),)), ([1, 2, 4], ((1, 2), (4, 4)))]
)
def test_numbers_are_joined_into_ranges(
    numbers: list[int], expected: tuple[tuple[int, int], ...]
) -> None:
    assert runs(numbers) == expected


def test_the_invented_spec_is_sound(tmp_path: Path) -> None:
    from gridwright.pipeline import interface_of

    specs = write_system(tmp_path, amendments=AMENDMENTS)
    assert interface_of(specs, "demo")[1] == ()
