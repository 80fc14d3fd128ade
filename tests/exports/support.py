"""The exports of all systems and samples, and what a schema says of a value."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from tests.generator.support import bodies, full, full_amendments, generated, services, yaml_of

Json = dict[str, Any]

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "generated" / "schemas"
SYSTEMS = sorted(path.parent.name for path in ROOT.glob("specs/*/interface.yaml"))
REST = sorted(path.parent.name for path in SCHEMAS.glob("*/openapi.json"))
SAMPLES = ("full", "bodies", "services")


@cache
def sample_files(name: str) -> Mapping[str, str]:
    spec = {"full": full, "bodies": bodies, "services": services}[name]()
    more = [yaml_of(full_amendments())] if name == "full" else []
    return generated(yaml_of(spec), *more)


@cache
def exported(name: str, file: str = "openapi.json") -> Json:
    """Return an export of a system or of a sample, with numbers as they are written."""
    if name in SAMPLES:
        files = sample_files(name)
        [text] = [text for path, text in files.items() if path.endswith(f"/{file}")]
    else:
        text = (SCHEMAS / name / file).read_text("utf-8")
    found: Json = plain(text)
    return found


def plain(text: str | bytes) -> Any:
    return json.loads(text, parse_float=Decimal)


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def problems(document: Json, schema: Json, value: object) -> list[str]:
    """Return what a schema of the document says against a value."""
    whole = {"components": document["components"], "allOf": [schema]}
    return [f"{e.json_path}: {e.message}" for e in Draft202012Validator(whole).iter_errors(value)]
