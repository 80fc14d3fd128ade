"""Every pair of forms that can stand in one operation passes the checks."""

import json

import pytest

from gridwright.load import amend_text
from gridwright.pipeline import understand

from .covering import covering, drawn
from .specs import spec_of

ROWS, ALONE = covering()
CHOICES = [*ROWS, *drawn(40, seed=11)]


@pytest.mark.parametrize("number", range(len(CHOICES)))
def test_a_combination_passes_the_checks(number: int) -> None:
    tree = spec_of(f"pairs{number}", CHOICES[number])
    text = json.dumps(tree, ensure_ascii=False).encode()  # which is YAML, too
    _, problems = understand(*amend_text(text, "spec.yaml", ()))
    assert not problems, CHOICES[number]
