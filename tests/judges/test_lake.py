"""The code of the page that a judge gives to dlt can be found, and asks for what the judge has."""

import ast

from judges.lake import page_code


def test_the_page_has_one_block_for_dlt_that_needs_readings_and_a_lake() -> None:
    tree = ast.parse(page_code())
    names = {node.id: type(node.ctx) for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert {name for name, kind in names.items() if kind is ast.Load} >= {"readings", "lake"}
    assert "merge" in page_code()
