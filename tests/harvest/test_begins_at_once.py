"""Several processes may begin with one new lake at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gridwright_runtime.harvest.ledger import Ledger

_AT_ONCE = 4


def test_all_who_open_a_new_lake_at_once_have_its_ledger(tmp_path: Path) -> None:
    together = threading.Barrier(_AT_ONCE)

    def opened(lake: Path) -> dict[str, int]:
        together.wait()
        with Ledger(lake) as ledger:
            return ledger.counts()

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for number in range(60):
            lakes = [tmp_path / str(number)] * _AT_ONCE
            assert list(pool.map(opened, lakes)) == [{}] * _AT_ONCE
