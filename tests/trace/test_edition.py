"""A new edition: what became of each line, and what hangs on it, with the former text or not."""

from pathlib import Path

import pytest

from gridwright.trace.affected import Ruling
from gridwright.trace.edition import Fate
from gridwright.trace.edition_report import edition_data, edition_lines
from gridwright.trace.report import EditionOutcome, edition_of

from .support import AMENDMENTS, DOCUMENT, INTERFACE, LINES, with_hashes, write_system

MORE = "tariff  name of the tariff  20  O"


def compared(folder: Path, new: str, *, with_text: bool = True, lines: str | None = None,
             amendments: str = AMENDMENTS) -> EditionOutcome:  # fmt: skip
    specs = write_system(folder, lines=lines, amendments=amendments)
    (folder / "new.txt").write_text(new, "utf-8")
    documents = folder / "documents" if with_text else None
    found, problems = edition_of(specs, "demo", documents, folder / "new.txt")
    assert found is not None and not problems, problems
    return found


def fates(found: EditionOutcome) -> dict[str, str]:
    """Return what became of each fact that is affected, by its path."""
    return {one.fact.name: str(one.fate) for one in found.affected}


def rulings(found: EditionOutcome) -> dict[str, Ruling]:
    return {one.id: one.ruling for one in found.amendments}


def report(found: EditionOutcome) -> str:
    return "\n".join(edition_lines(found, {}))


@pytest.fixture(params=[True, False], ids=["with the former text", "with its hashes alone"])
def with_text(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_the_same_text_is_no_news(tmp_path: Path, with_text: bool) -> None:
    found = compared(tmp_path, DOCUMENT, with_text=with_text)
    assert (found.affected, found.amendments, found.mentions) == ((), (), ())
    assert not found.needs_reading


def test_inserted_lines_move_what_is_below_and_are_new(tmp_path: Path, with_text: bool) -> None:
    found = compared(
        tmp_path, DOCUMENT.replace("2. Reply", "2. Reply\n\nof\nthe meter"), with_text=with_text
    )
    assert found.edition.added == (14, 15)
    assert fates(found)["operations.list_readings.reply.fields.status"] == "moved"
    assert "operations.list_readings.request.day" not in fates(found)
    assert all(one.has_moved for one in found.affected)
    assert found.amendments == ()


def test_a_row_added_to_a_table_is_a_new_line_and_changes_no_fact(
    tmp_path: Path, with_text: bool
) -> None:
    new = DOCUMENT.replace("\nday  day", f"\n{MORE}\nday  day")
    found = compared(tmp_path, new, with_text=with_text)
    assert found.edition.added == (9,)
    assert f"new line 9: {MORE.replace('  ', ' ')}" in report(found)
    assert {str(one.fate) for one in found.affected} == {"moved"}


def test_a_size_that_changed_is_found_with_the_facts_and_names_that_hang_on_it(
    tmp_path: Path, with_text: bool
) -> None:
    new = DOCUMENT.replace("of the meter  10  O", "of the meter  12  O")
    found = compared(tmp_path, new, with_text=with_text)
    (one,) = found.affected
    assert (one.fact.name, one.fate, one.has_moved) == (
        "operations.list_readings.request.meterNo", Fate.CHANGED, False,
    )  # fmt: skip
    assert one.symbols == ("Client.list_readings(meter_number=)",)
    assert "line 8 changed; now line 8" in report(found)
    assert "generated: Client.list_readings(meter_number=)" in report(found)
    assert ("- meterNo number of the meter 10 O" in report(found)) is with_text


def test_a_row_that_went_takes_its_facts_with_it(tmp_path: Path) -> None:
    row = "status  status of the reading  1  A: actual E: estimated\n"
    found = compared(tmp_path, DOCUMENT.replace(row, ""))
    assert found.edition.lines[15].fate == Fate.WENT
    gone = {one.fact.name: one.symbols for one in found.affected if one.fate == Fate.WENT}
    assert gone["operations.list_readings.reply.fields.status"] == ("Reading.status",)
    assert gone["codes.reading_status.values.A"] == ("codes.ReadingStatus.ACTUAL",)


def test_without_the_former_text_it_is_said_what_cannot_be_known(tmp_path: Path) -> None:
    new = DOCUMENT.replace(
        "day  day of the readings  8  O  yyyymmdd\n", "from  first day  8  O\nto  last day  8  O\n"
    )
    found = compared(tmp_path, new, with_text=False)
    assert (found.edition.lines[9].fate, found.edition.lines[9].new) == (Fate.UNKNOWN, None)
    assert found.edition.lines[9].instead == (9, 10)
    assert "line 9 changed or went; in its place: 9-10" in report(found)
    assert "it cannot be said which of them changed and which went" in report(found)
    known = compared(tmp_path, new)
    assert known.edition.lines[9].fate in (Fate.CHANGED, Fate.WENT)
    assert "cannot be said" not in report(known)


def test_with_the_former_text_the_most_alike_lines_are_paired(tmp_path: Path) -> None:
    new = DOCUMENT.replace(
        "meterNo  number of the meter  10  O", f"{MORE}\nmeterNo  number of the meter  22  O"
    )
    found = compared(tmp_path, new)
    assert (found.edition.lines[8].fate, found.edition.lines[8].new) == (Fate.CHANGED, 9)
    assert found.edition.added == (8,)


def test_renumbered_pages_change_the_dismissals_alone(tmp_path: Path, with_text: bool) -> None:
    new = DOCUMENT
    for number in (3, 2, 1):
        new = new.replace(f"Page {number}", f"Page {number + 1}")
    new = "Contents\n" + new
    found = compared(tmp_path, new, with_text=with_text)
    changed = [one for one in found.affected if not one.has_moved]
    assert [one.fact.name for one in changed] == ["dismissed.0"]
    assert all(one.fate == Fate.MOVED for one in found.affected if one.fact.file != "lines.yaml")


def test_an_erratum_that_the_publisher_corrected_is_void(tmp_path: Path, with_text: bool) -> None:
    found = compared(tmp_path, DOCUMENT.replace("enrgy", "energy"), with_text=with_text)
    assert rulings(found) == {"energy-misspelled": Ruling.CORRECTED}
    assert "energy-misspelled, operations.list_readings.reply.fields.enrgy: void" in report(found)


def test_an_erratum_whose_line_says_something_else_is_decided_anew(tmp_path: Path) -> None:
    found = compared(tmp_path, DOCUMENT.replace("enrgy  energy of", "amount  amount of"))
    assert rulings(found) == {"energy-misspelled": Ruling.OTHERWISE}


def test_an_erratum_that_is_still_needed_is_read_again(tmp_path: Path) -> None:
    found = compared(tmp_path, DOCUMENT.replace("of the day  14,4", "of the day  16,4"))
    assert rulings(found) == {"energy-misspelled": Ruling.READ}


def test_an_erratum_whose_lines_went_is_void(tmp_path: Path) -> None:
    new = DOCUMENT.replace("enrgy  energy of the day  14,4\n", "")
    assert rulings(compared(tmp_path, new))["energy-misspelled"] == Ruling.GONE


def test_an_erratum_whose_other_line_changed_is_read_again(tmp_path: Path) -> None:
    found = compared(tmp_path, DOCUMENT.replace("Example  energy", "Example  the energy"))
    assert rulings(found) == {"energy-misspelled": Ruling.READ}


SIZES = """\
- id: meter-size
  kind: erratum
  at: 14
  finding: real numbers are longer
  ruling: twenty-two
  patch: {operations.list_readings.reply.fields.meterNo.size: {printed: 10, use: 22}}
- id: no-day
  kind: erratum
  at: 9
  finding: nobody sends it
  ruling: left out
  patch: {operations.list_readings.request.day.format: {printed: yyyymmdd, remove: yes}}
"""


def test_a_corrected_size_and_a_removed_pattern_are_seen(tmp_path: Path) -> None:
    new = DOCUMENT.replace(
        "meterNo  number of the meter  10\n", "meterNo  number of the meter  22\n"
    )
    new = new.replace("  O  yyyymmdd", "  O")
    found = compared(tmp_path, new, amendments=SIZES)
    assert rulings(found) == {"meter-size": Ruling.CORRECTED, "no-day": Ruling.CORRECTED}


ALSO = """\
- id: energy-has-two-names
  kind: erratum
  at: 17
  finding: the example has another name
  ruling: both are read
  patch:
    operations.list_readings.reply.fields.enrgy.also: {absent: yes, use: {energy: {at: 17}}}
"""


def test_a_name_that_was_added_for_a_misprint_is_void_when_it_is_no_longer_printed(
    tmp_path: Path, with_text: bool
) -> None:
    new = DOCUMENT.replace("Example  energy", "Example  enrgy")
    found = compared(tmp_path, new, with_text=with_text, amendments=ALSO)
    assert rulings(found) == {"energy-has-two-names": Ruling.CORRECTED}
    found = compared(tmp_path, DOCUMENT.replace("energy 1.5", "energy 2.5"), amendments=ALSO)
    assert rulings(found) == {"energy-has-two-names": Ruling.READ}


def test_an_observation_does_not_depend_on_what_the_document_says(tmp_path: Path) -> None:
    seen = AMENDMENTS.replace("kind: erratum\n  at: [16, 17]", "kind: observation\n  at: [16, 17]")
    found = compared(tmp_path, DOCUMENT.replace("14,4", "16,4"), amendments=seen)
    assert rulings(found) == {}


def test_of_a_long_line_the_part_that_differs_is_shown(tmp_path: Path) -> None:
    long = "x" * 300
    specs = write_system(tmp_path, document=DOCUMENT.replace("Name  list", f"Name  {long} list"),
                         lines=LINES)  # fmt: skip
    new = DOCUMENT.replace("Name  list", f"Name  {long} show")
    (tmp_path / "new.txt").write_text(new, "utf-8")
    found, _ = edition_of(specs, "demo", tmp_path / "documents", tmp_path / "new.txt")
    assert found is not None
    assert "xx listReadings" in report(found) and "xx showReadings" in report(found)
    assert max(len(line) for line in report(found).split("\n") if line[:3] in ("  -", "  +")) < 110


def test_a_sentence_that_names_a_line_is_pointed_out_when_the_line_moves(tmp_path: Path) -> None:
    found = compared(tmp_path, "Contents\n" + DOCUMENT)
    assert [mention.span.line for mention in found.mentions] == [7]
    assert "interface.yaml:7 speaks of a line that is elsewhere now" in report(found)


@pytest.mark.parametrize("at", ["1-9999999", "9999999", "[9999999, 3]", "3-1", "19"])
def test_absurd_citations_are_borne(at: str, tmp_path: Path) -> None:
    interface = INTERFACE.replace("at: 16}", f"at: {at}}}")
    specs = write_system(tmp_path, interface=interface)
    (tmp_path / "new.txt").write_text("Contents\n" + DOCUMENT, "utf-8")
    found, problems = edition_of(specs, "demo", None, tmp_path / "new.txt")
    assert found is not None and not problems
    assert [a.fact.name for a in found.affected if not a.has_moved] == [
        "operations.list_readings.reply.fields.enrgy"
    ]


SECRET = "Sample password  open-sesame\n"


def withheld(folder: Path, new: str, *, with_text: bool) -> EditionOutcome:
    document = DOCUMENT + SECRET
    rules = LINES + "withheld:\n- {at: 19, reason: sample of a password}\n"
    specs = write_system(folder, document=document, lines=with_hashes(rules, document, [19]))
    (folder / "new.txt").write_text(new, "utf-8")
    found, problems = edition_of(
        specs, "demo", folder / "documents" if with_text else None, folder / "new.txt"
    )
    assert found is not None and not problems
    return found


@pytest.mark.parametrize("secret", [SECRET, "Sample password  open-barley\n"])
def test_a_withheld_line_is_never_shown(secret: str, tmp_path: Path, with_text: bool) -> None:
    new = DOCUMENT.replace("14,4", "16,4") + secret + "Another line\n"
    found = withheld(tmp_path, new, with_text=with_text)
    told = report(found) + str(edition_data(found, {}))
    assert "sesame" not in told and "barley" not in told
    if not with_text:
        assert "it cannot be said whether they changed" in told


def test_what_stands_beside_a_withheld_line_may_be_it_and_is_not_shown(
    tmp_path: Path, with_text: bool
) -> None:
    swapped = DOCUMENT.replace("Page 3\n", "") + "Sample password  open-barley\nPage four\n"
    told = report(withheld(tmp_path, swapped, with_text=with_text))
    assert "sesame" not in told and "barley" not in told


@pytest.mark.parametrize(
    "new",
    [
        DOCUMENT.replace("Page 2\n", SECRET + "Page 2\n") + SECRET,
        DOCUMENT.replace("Page 2\n", SECRET + "Page 2\n"),
        DOCUMENT.replace("Page 2\n", "The password is now open-sesame, too\nPage 2\n") + SECRET,
        DOCUMENT.replace("Example  energy 1.5\n", "Example  energy open-sesame\n") + SECRET,
    ],
    ids=["repeated", "moved", "within another line", "in a line that changed"],
)
def test_what_a_withheld_line_says_is_not_shown_elsewhere(
    new: str, tmp_path: Path, with_text: bool
) -> None:
    found = withheld(tmp_path, new, with_text=with_text)
    assert "sesame" not in report(found) + str(edition_data(found, {}))


def test_where_nothing_is_withheld_new_lines_are_shown_without_the_former_text(
    tmp_path: Path,
) -> None:
    new = DOCUMENT.replace("Page 2\n", "A further line\nPage 2\n")
    assert "A further line" in report(compared(tmp_path, new, with_text=False))


def test_a_mark_of_the_byte_order_is_no_change(tmp_path: Path) -> None:
    found = compared(tmp_path, f"\ufeff{DOCUMENT}")
    assert not found.affected and not found.needs_reading


@pytest.mark.parametrize("new", ["", "Quite another text\n" * 30])
def test_another_document_is_taken_for_one(new: str, tmp_path: Path) -> None:
    assert "is it this document" in report(compared(tmp_path, new))
    assert "is it this document" not in report(compared(tmp_path, DOCUMENT + "One more\n"))


def test_a_withheld_line_in_its_place_is_no_news_but_for_a_note(tmp_path: Path) -> None:
    found = withheld(tmp_path, DOCUMENT + SECRET, with_text=False)
    assert not found.affected and not found.needs_reading
    assert "note: 19: withheld lines have no hash" in report(found)


def test_the_former_text_is_not_used_where_it_is_another_one(tmp_path: Path) -> None:
    specs = write_system(tmp_path, document=DOCUMENT.replace("14,4", "15,4"))
    (tmp_path / "new.txt").write_text(DOCUMENT, "utf-8")
    found, _ = edition_of(specs, "demo", tmp_path / "documents", tmp_path / "new.txt")
    assert found is not None and not found.is_text_known and not found.affected
    assert "is not the one that the spec was written from" in report(found)


def test_without_text_and_hashes_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    specs = write_system(tmp_path, lines=LINES)
    (tmp_path / "new.txt").write_text(DOCUMENT, "utf-8")
    found, problems = edition_of(specs, "demo", None, tmp_path / "new.txt")
    assert found is None and [p.code for p in problems] == ["no-hashes"]


def test_the_report_for_a_machine_has_the_same_facts(tmp_path: Path) -> None:
    found = compared(tmp_path, DOCUMENT.replace("10  O", "12  O"))
    data = edition_data(found, {})
    assert data["lines"] == [{"line": 8, "fate": "changed", "new": 8, "instead": [8]}]
    assert data["facts"] == [
        {
            "file": "interface.yaml", "line": 27,
            "fact": "operations.list_readings.request.meterNo", "kind": "parameter",
            "fate": "changed", "was": "8", "now": "8", "moved": False,
            "symbols": ["Client.list_readings(meter_number=)"],
        }
    ]  # fmt: skip
