"""Pages of the documentation that are rendered from what they are about."""

from pathlib import Path

import pytest


def assert_rendered(page: Path, text: str, update_golden: bool) -> None:
    """Compare a page with what is rendered for it; rewrite it, and fail, where that is asked."""
    written = page.read_text("utf-8") if page.is_file() else ""
    if update_golden and written != text:
        page.write_text(text, encoding="utf-8")
        pytest.fail(f"rewrote {page.name}: read the diff, then run without the flag")
    assert written == text
