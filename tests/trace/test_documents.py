"""The committed specs: every line of every document is cited or dismissed, and stays so."""

from pathlib import Path

import pytest

from gridwright.load import find_systems
from gridwright.trace.affected import Ruling
from gridwright.trace.check import check_lines
from gridwright.trace.facts import read_spec
from gridwright.trace.report import coverage_of, edition_of, moved
from gridwright.trace.summary import percent

from .support import NOT_AT_HAND, ROOT, documents

SPECS = ROOT / "specs"
SYSTEMS = find_systems(SPECS)
needs_documents = pytest.mark.skipif(not documents().is_dir(), reason=NOT_AT_HAND)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_line_is_cited_or_dismissed_by_the_recorded_hashes(system: str) -> None:
    found = coverage_of(SPECS, system, None)
    assert found.problems == () and found.sheet is not None
    assert percent(found.sheet.coverage) == 100


@needs_documents
@pytest.mark.parametrize("system", SYSTEMS)
def test_every_line_of_the_document_at_hand_is_the_recorded_one(system: str) -> None:
    assert check_lines(SPECS, system, documents()) == []


@needs_documents
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_document_is_no_new_edition_of_itself(system: str) -> None:
    spec, _ = read_spec(SPECS, system)
    assert spec is not None
    found, _ = edition_of(SPECS, system, documents(), documents() / spec.document)
    assert found is not None and not found.needs_reading and not found.affected
    assert moved(SPECS, found) == {}


@needs_documents
@pytest.mark.parametrize("with_text", [True, False])
def test_a_publisher_who_corrects_an_address_makes_its_erratum_void(
    with_text: bool, tmp_path: Path
) -> None:
    spec, _ = read_spec(SPECS, "kepco_opm")
    assert spec is not None
    lines = (documents() / spec.document).read_text("utf-8").split("\n")
    lines[588] = lines[588].replace("getPeriodData", "getCustInfoData.do")
    new = tmp_path / "new.txt"
    new.write_text("\n".join(lines), "utf-8")
    found, _ = edition_of(SPECS, "kepco_opm", documents() if with_text else None, new)
    assert found is not None
    void = [one.id for one in found.amendments if one.ruling == Ruling.CORRECTED]
    assert void == ["customer-info-address"]
    names = {symbol for one in found.affected if not one.has_moved for symbol in one.symbols}
    assert "Client.get_customer_info()" in names


@needs_documents
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_page_more_in_front_moves_every_citation(system: str, tmp_path: Path) -> None:
    spec, _ = read_spec(SPECS, system)
    assert spec is not None
    new = tmp_path / "new.txt"
    former = (documents() / spec.document).read_text("utf-8")
    new.write_text("an invented line\n\nanother\n" + former, "utf-8")
    found, _ = edition_of(SPECS, system, documents(), new)
    assert found is not None
    assert [str(a.fact.span) for a in found.affected if not a.has_moved] == []
    assert found.amendments == () and found.edition.added == (1, 3)
    texts = moved(SPECS, found)
    assert sorted(path.name for path in texts) == [
        "amendments.yaml",
        "interface.yaml",
        "lines.yaml",
    ]
