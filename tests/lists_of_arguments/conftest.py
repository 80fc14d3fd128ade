"""A system that is asked for lists of points, and a service that answers as it is told."""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from tests.generated_packages import write_package

PACKAGE = "gridwright_points_test"


class Points(httpx2.BaseTransport):
    """Answers for each point that is asked for: its code of failure, nothing, or a value."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        """By point, how it fails."""
        self.dropped: set[str] = set()
        self.others: list[str] = []
        """Points that nobody asked for, and that come all the same."""
        self.asked: list[list[str]] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        asked = json.loads(request.read())["point"]
        day = request.url.path.rpartition("/")[2]
        self.asked.append(asked)
        if "page" in request.url.params:
            size = int(request.url.params["size"])
            first = (int(request.url.params["page"]) - 1) * size
            there = [point for point in asked if point not in self.dropped]
            asked = there[first : first + size]
        rows: list[dict[str, Any]] = []
        for point in [*asked, *self.others]:
            if point in self.codes:
                code = {"errorCode": self.codes[point], "errorText": "no"}
                rows.append({"id": point, "day": day, "success": False, **code})
            elif point not in self.dropped:
                rows.append({"id": point, "day": day, "success": True, "kWh": 1.5})
        return httpx2.Response(200, json={"result": rows})


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("points")
    text = (Path(__file__).parent / "points.yaml").read_bytes()
    write_package(text, folder, f"{PACKAGE}.points")
    sys.path.insert(0, str(folder))
    try:
        yield SimpleNamespace(
            client=importlib.import_module(f"{PACKAGE}.points").Client,
            async_client=importlib.import_module(f"{PACKAGE}.points").AsyncClient,
            mock=importlib.import_module(f"{PACKAGE}.points.mock"),
            folder=folder,
            name=PACKAGE,
        )
    finally:
        sys.path.remove(str(folder))


@pytest.fixture
def points() -> Points:
    return Points()
