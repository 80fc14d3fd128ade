"""The values that the page of a mock shows, for JSON, without any number of a caller's customer.

The journal masks what is secret or personal. Credentials and samples are the mock's own, invented.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from ...sources import Values, fill_source
from ..requests.source_texts import is_access
from ..state import Mock
from ..world import HasTables

__all__ = ["base_paths", "current_results", "current_values", "fixed_values"]

_MOST_ENTRIES = 100


def fixed_values(mock: Mock, interface: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stays as it is while a mock runs.

    Args:
        mock: whose page it is.
        interface: what its `interface.json` says; empty where there is none.
    """
    account = mock.accounts[0] if mock.accounts else None
    meanings = {limit["name"]: limit.get("en", "") for limit in interface.get("limits", ())}
    return {
        "system": mock.system,
        "title": interface.get("title_en", mock.system),
        "label": interface.get("title", ""),
        "base_paths": base_paths(mock),
        "credentials": [] if account is None else sorted(account.credentials.items()),
        "operations": [
            {"name": one.name, "method": one.method, "path": one.path, "kind": one.kind}
            for one in mock.operations
        ],
        "samples": [list(pair) for pair in interface.get("samples", ())],
        "limits": [
            {"name": name, "kind": kind, "means": meanings.get(name, "")}
            for name, kind in mock.watch.kinds.items()
        ],
    }


def current_values(mock: Mock) -> dict[str, Any]:
    """Return what changes while a mock runs: what it knows, and what it was asked."""
    watch, logins = mock.watch, mock.server
    entries = list(mock.journal)
    counts, figures = watch.broken_counts, watch.figures()
    return {
        "time": mock.clock.now().isoformat(timespec="seconds"),
        "requests": watch.requests,
        "limits": {name: {"broken": counts[name], **figures[name]} for name in watch.kinds},
        "broken": [str(broken) for broken in watch.broken[-_MOST_ENTRIES:]],
        "logins": None
        if logins is None
        else {
            "logins": logins.logins,
            "refused logins": logins.refused_logins,
            "results of later steps": logins.tickets,
            "spent": logins.consumed,
            "calls without a good result": logins.refused_sessions,
        },
        "journal": entries[: -_MOST_ENTRIES - 1 : -1],
        "tables": list(mock.world.tables()) if isinstance(mock.world, HasTables) else [],
    }


def current_results(mock: Mock) -> list[dict[str, str]]:
    """Log the first account in, and return what a request has to carry, by place and wire name."""
    if not mock.accounts:
        return []
    results: dict[str, dict[str, str]] = {}
    if mock.server is not None:
        for (step, part), value in mock.server.log_in().items():
            results.setdefault(step, {})[part] = value
    values = Values(credentials=mock.accounts[0].credentials, results=results)
    found: dict[tuple[str, str], str] = {}
    for sent in (part for one in mock.operations for part in one.request.parts):
        text = fill_source(sent.source, values) if is_access(sent) else None
        if text is not None:
            found[sent.place, sent.wire] = text
    return [{"place": place, "name": wire, "value": text} for (place, wire), text in found.items()]


def base_paths(mock: Mock) -> list[str]:
    """Return the paths below which the operations stand, those of the servers."""
    paths = (urlsplit(address).path.rstrip("/") for address in mock.servers.values())
    return list(dict.fromkeys(paths)) or [""]
