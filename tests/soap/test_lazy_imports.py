"""What only some calls need is loaded by those calls."""

import subprocess
import sys

CODE = """
import sys
from gridwright_apis import kansai_kakusyu, thai_moi_power
kansai_kakusyu.Client, kansai_kakusyu.operations.LIST_APPLICATIONS, thai_moi_power.Client
print(sorted({"xsdata", "lxml", "zeep", "toposort"} & set(sys.modules)))
"""


def test_clients_load_neither_xsdata_nor_lxml_before_the_first_call() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stdout == "[]\n"
