"""Several files of one argument come from several options."""

import argparse
from pathlib import Path
from typing import Any

import pytest
from tests.exchanges.files import EXCHANGES
from tests.generated_packages import load_package

from gridwright_runtime.shell.inputs import Inputs
from gridwright_runtime.shell.operation_options import add_arguments, gathered
from gridwright_runtime.shell.parse_values import TypingContext
from gridwright_runtime.shell.usage_error import UsageError


def _gathered(*options: str) -> dict[str, Any]:
    spec = EXCHANGES["files_in_form"].spec
    client, operations = load_package(spec, "files_by_options", "client", "operations")
    operation, method = operations.APPLY, client.Client.apply
    parser = argparse.ArgumentParser()
    add_arguments(parser, operation, method)
    found = parser.parse_args(["--customer-name", "A", *options])
    return gathered(found, operation, method, TypingContext(), Inputs(), {})


def test_each_option_is_a_file(tmp_path: Path) -> None:
    one, two = tmp_path / "1.png", tmp_path / "2.png"
    one.write_bytes(b"one")
    two.write_bytes(b"two")
    found = _gathered("--drawings", str(one), "--drawings", f"@{two}")
    assert [upload.filename for upload in found["drawings"]] == ["1.png", "2.png"]


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        _gathered("--drawings", str(tmp_path / "none.png"))
