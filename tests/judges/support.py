"""A mock that does not run, as judges see it."""

import json
from pathlib import Path

from judges.verdict import Exchange, Mock
from starlette.types import ASGIApp

SCHEMAS = Path(__file__).parents[2] / "generated" / "schemas"


def mock_of(system: str, *exchanges: Exchange) -> Mock:
    schemas = SCHEMAS / system
    interface = json.loads((schemas / "interface.json").read_text("utf-8"))
    return Mock(system, "http://127.0.0.1:9", _no_app, interface, schemas, list(exchanges))


def _no_app() -> ASGIApp:
    raise AssertionError("nothing is asked")
