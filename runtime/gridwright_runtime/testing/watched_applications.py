"""The applications whose limits are checked when a test ends."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from starlette.applications import Starlette

__all__ = ["APPLICATIONS", "watch_application"]

APPLICATIONS = pytest.StashKey[list["Starlette"]]()


def watch_application(item: pytest.Item, application: "Starlette") -> None:
    """Check the limits of an application when the call of this test ends."""
    item.stash.setdefault(APPLICATIONS, []).append(application)
