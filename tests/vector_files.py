"""Vectors of the wire, one file an operation. See tests/vectors/README.md."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


class VectorFiles:
    """The vectors of one system."""

    def __init__(self, system: str) -> None:
        self._folder = Path(__file__).parent / "vectors" / system

    def of(self, part: str) -> list[Any]:
        """Return the vectors of one part, each with its operation, as parameters of a test."""
        return [
            pytest.param(file["operation"], vector, id=f"{path.stem}: {vector['of']} ({n})")
            for path, file in self._files()
            for n, vector in enumerate(file.get(part, ()))
        ]

    def formats(self) -> set[tuple[str, str, str]]:
        """Return each operation, part and format of which there is a vector."""
        return {
            (file["operation"], part, vector["format"])
            for _, file in self._files()
            for part in ("requests", "replies")
            for vector in file.get(part, ())
        }

    def _files(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        for path in sorted(self._folder.glob("*.json")):
            yield path, json.loads(path.read_text(encoding="utf-8"))
