"""The reference pages of all systems: what they print runs, as it is printed, on the mocks."""

import re
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "generated" / "docs").rglob("*.md"))
SNIPPETS = [
    pytest.param(code, id=f"{page.parent.name} {page.stem}")
    for page in PAGES
    for code in re.findall(r"^```python\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)
]


def test_every_system_has_snippets() -> None:
    shown = {str(snippet.id).partition(" ")[0] for snippet in SNIPPETS}
    assert shown == {page.parent.name for page in PAGES}


@pytest.mark.parametrize("code", SNIPPETS)
def test_every_snippet_runs_as_printed_and_shows_something(
    code: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    exec(compile(code, "snippet", "exec", dont_inherit=True), {"__name__": "__main__"})
    assert capsys.readouterr().out.strip()
