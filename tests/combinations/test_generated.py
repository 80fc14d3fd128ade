"""Every pair of forms that can stand in one operation becomes files that are what they say."""

import pytest
from tests.generator.output_files import check_files

from .packages import CHOICES, files_of, shared_folder


@pytest.mark.parametrize("number", range(len(CHOICES)))
def test_a_combination_passes_the_checks_and_is_generated(
    number: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    files = files_of(shared_folder(tmp_path_factory), number)
    check_files(files)
    names = {path.rpartition("/")[2] for path in files}
    assert names >= {"operations.py", "client.py", "mock.py", "interface.json"}
