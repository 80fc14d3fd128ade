"""Restore a spec from one of our own exports, as far as nobody has edited the export since."""

import json
from typing import Any

from gridwright.importing.read_file import Json
from gridwright.load import amend_text
from gridwright.pipeline import understand
from gridwright.targets import as_exported
from gridwright.targets.openapi.document import SPEC_KEY, openapi_document

__all__ = ["OwnSpec", "edited_places", "restore_spec"]

OwnSpec = tuple[Json, list[Any]]
"""A spec and its amendments, as plain values."""
_MOST_PLACES = 50


def restore_spec(document: Json) -> OwnSpec | None:
    """Return the spec and the amendments that an export carries; None where it carries none."""
    found = document.get(SPEC_KEY)
    if not isinstance(found, dict) or not isinstance(found.get("interface"), dict):
        return None
    amendments = found.get("amendments")
    return found["interface"], amendments if isinstance(amendments, list) else []


def edited_places(document: Json, spec: OwnSpec) -> list[str]:
    """Return the places at which an export is no longer what its spec exports."""
    interface, amendments = spec
    texts = [(json.dumps(amendments).encode(), "amendments.yaml")]
    amended, problems = amend_text(json.dumps(interface).encode(), "interface.yaml", texts)
    resolved, problems_found = understand(amended, problems)
    if resolved is None or problems_found:
        return [f"#/{SPEC_KEY}: it is no spec any more"]
    wanted = json.loads(json.dumps(openapi_document(as_exported(resolved))))
    given = {key: value for key, value in document.items() if key != SPEC_KEY}
    return list(_differences(wanted, given, "#"))[:_MOST_PLACES]


def _differences(wanted: Any, given: Any, pointer: str) -> list[str]:
    if isinstance(wanted, dict) and isinstance(given, dict):
        found = []
        for key in sorted(wanted.keys() | given.keys()):
            place = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            if key not in given or key not in wanted:
                found.append(f"{place}: was {'removed' if key in wanted else 'added'}")
            else:
                found += _differences(wanted[key], given[key], place)
        return found
    if isinstance(wanted, list) and isinstance(given, list) and len(wanted) == len(given):
        pairs = enumerate(zip(wanted, given, strict=True))
        return [d for i, (a, b) in pairs for d in _differences(a, b, f"{pointer}/{i}")]
    return [] if wanted == given else [f"{pointer}: was changed"]
