"""KEPCO Open P-Meter: facts that a second reading of the document set right."""

from .support import amendment

SYSTEM = "kepco_opm"


def test_the_examples_in_json_are_said_to_have_the_decimals_of_the_table() -> None:
    finding = amendment(SYSTEM, "example-xml-and-json-values-differ")["finding"]
    assert "those in JSON have the four decimals of the table" in finding
