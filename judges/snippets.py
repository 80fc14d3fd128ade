"""The snippets of the reference pages, which judges run."""

import re

from judges.tools import ROOT

__all__ = ["snippet_of"]


def snippet_of(system: str, operation: str) -> str:
    """Return the one block of Python on the page of an operation."""
    page = ROOT / "generated" / "docs" / system / f"{operation}.md"
    [code] = re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)
    return str(code)
