"""Every pair of forms that can stand in one operation becomes files that are what they say."""

import json

import pytest
from tests.generator.output_files import check_files
from tests.generator.support import files_of

from gridwright.load import amend_text
from gridwright.pipeline import understand

from .covering import covering, drawn
from .specs import spec_of

ROWS, ALONE = covering()
CHOICES = [*ROWS, *drawn(40, seed=11)]


@pytest.mark.parametrize("number", range(len(CHOICES)))
def test_a_combination_is_generated(number: int) -> None:
    text = json.dumps(spec_of(f"pairs{number}", CHOICES[number]), ensure_ascii=False).encode()
    interface, problems = understand(*amend_text(text, "spec.yaml", ()))
    assert interface is not None and not problems
    files = files_of(interface)
    check_files(files)
    assert {path.rpartition("/")[2] for path in files} >= {"operations.py", "client.py", "mock.py"}
