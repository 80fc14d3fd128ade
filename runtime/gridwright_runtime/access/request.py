"""Build the request of a step; secrets stand where the spec puts them and nowhere else.

It is built apart from those of operations: `requests` begins with a record of arguments, which it
checks whole, finds the personal values of, and writes in any encoding, perhaps with files. A step
has no arguments, only parts that sources fill; a record would have to be made up for each step.
"""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

import msgspec

from ..interface import Basic, Hole, Part, Text
from ..message import Hidden, HttpRequest
from ..sources import Values, fill_source
from .plan import Planned

__all__ = ["step_request"]


def step_request(
    planned: Planned, values: Values, *, locations: Mapping[str, str], sensitive: Hidden
) -> HttpRequest:
    """Return what asks for the result of a step.

    Args:
        planned: the step.
        values: what its parts are filled with.
        locations: where the results of earlier steps are to be used, by the name of the step, as
            far as their replies said so.
        sensitive: what no text may show.
    """
    by_place: dict[str, list[tuple[Part, str]]] = {}
    for part in planned.parts:
        value = fill_source(part.source, values)
        if value is not None:
            by_place.setdefault(part.place, []).append((part, value))
    headers = [(part.wire, value) for part, value in by_place.get("header", ())]
    cookies = [f"{part.wire}={value}" for part, value in by_place.get("cookie", ())]
    if cookies:
        headers.append(("Cookie", "; ".join(cookies)))
    given = {name.lower() for name, _ in headers}
    if "accept" not in given:
        headers.append(("Accept", _accepted(planned)))
    body = None
    if planned.step.encoding != "none":
        body = _encoded(planned.step.encoding, by_place.get("body", []))
        if "content-type" not in given:
            headers.append(("Content-Type", _CONTENT_TYPES[planned.step.encoding]))
    url = _address(planned, by_place.get("path", ()), locations)
    query = tuple((part.wire, value) for part, value in by_place.get("query", ()))
    if query and "?" in url:  # the document's address has a query of its own
        url, query = f"{url}&{urlencode(query, quote_via=quote, safe='')}", ()
    known = [
        form
        for found in by_place.values()
        for part, value in found
        if isinstance(part.source, Basic)
        for form in (value, value.partition(" ")[2])
    ]
    return HttpRequest(
        method=planned.step.method,
        url=url,
        safe_url=planned.address,
        query=query,
        headers=tuple(headers),
        body=body,
        sensitive=Hidden((*sensitive, *known)),
    )


def _address(
    planned: Planned, in_path: "list[tuple[Part, str]] | tuple[()]", locations: Mapping[str, str]
) -> str:
    url = planned.address
    for part, value in in_path:
        hole = f"{{{part.wire}}}"
        location = _location(part, locations)
        # Only what stands at the end is what the server has named.
        if location and url.partition("?")[0].endswith(hole):
            return location
        url = url.replace(hole, quote(value, safe=""))
    return url


def _location(part: Part, locations: Mapping[str, str]) -> str:
    """Return where the server said that a result is to be used, if a part is that and no more."""
    pieces = part.source.pieces if isinstance(part.source, Text) else ()
    if len(pieces) == 1 and isinstance(pieces[0], Hole) and pieces[0].kind == "step":
        return locations.get(pieces[0].name, "")
    return ""


def _encoded(encoding: str, parts: list[tuple[Part, str]]) -> bytes:
    if encoding == "form":
        return urlencode([(part.wire, value) for part, value in parts]).encode("ascii")
    tree: dict[str, object] = {}
    for part, value in parts:
        inner = tree
        for key in part.under:
            found = inner.setdefault(key, {})
            inner = found if isinstance(found, dict) else {}
        inner[part.wire] = value
    return msgspec.json.encode(tree)


def _accepted(planned: Planned) -> str:
    """Return what kinds of replies can be read; text alone where no object is looked into."""
    places = [place for found in planned.step.read.values() for place in found]
    looks_inside = any(place.startswith("body ") for place in (*places, planned.step.lifetime_read))
    return "application/json, text/plain, */*" if looks_inside else "text/plain, */*"


_CONTENT_TYPES = {"form": "application/x-www-form-urlencoded", "json": "application/json"}
