"""Lay out an operation as parts, for a terminal."""

from collections.abc import Iterable, Iterator, Sequence

from gridwright.explain.parts import Explained

__all__ = ["text_of"]


def text_of(found: Explained) -> str:
    """Return what is said of one operation, as lines."""
    return "\n".join(_lines(found))


def _lines(found: Explained) -> Iterator[str]:
    yield f"{found['operation']}: a {found['kind']}, {found['method']} {found['address']}"
    if found["wire_name"] != found["operation"]:
        yield f"  wire name {found['wire_name']}{_cited(found['at'])}"
    elif found["at"]:  # the document has no other name for it than ours
        yield f"  from {found['at']}"
    yield "  sends"
    yield from _table(
        (
            sent["name"],
            sent["where"],
            sent["from"],
            sent["type"],
            "required" if sent["required"] else "optional",
            _cited(sent["at"]).strip(),
        )
        for sent in found["sends"]
    )
    yield f"    body: {found['body']}"
    if found["login"]:
        yield "  logs in before, where no result is kept"
    for step in found["login"]:
        yield f"    {step['step']}: {step['request']}{_cited(step['at'])}"
        yield from (f"      sends {name} in the {value}" for name, value in step["sends"].items())
        if renewed := step["renewed"]:
            yield f"      renewed by {renewed['request']}"
            sent = renewed["sends"].items()
            yield from (f"        sends {name} in the {value}" for name, value in sent)
        parts = (f"{name} in {' or '.join(found)}" for name, found in step["parts"].items())
        result = ", ".join(parts) or f"in {' or '.join(step['result'])}"
        yield f"      result {result}; lives {step['lives']}, serves {step['serves']}"
    if found["limits"]:
        yield "  waits for its turn"
    for limit in found["limits"]:
        yield f"    {limit['limit']}, a {limit['kind']}: {limit['says']}{_cited(limit['at'])}"
    yield "  is judged in this order"
    yield from (f"    {number}. {rule}" for number, rule in enumerate(found["judged"], 1))
    yield from _brought(found["brings"])
    if found["readings"]:
        yield "  tells readings"
    for reading in found["readings"]:
        yield f"    {reading['method']} of {reading['of']}"
        yield from (f"      {said}" for said in reading["says"])
    yield "  then"
    yield from (f"    {line}" for line in found["then"])


def _brought(brings: Explained) -> Iterator[str]:
    path = " > ".join(brings["path"]) or "the root"
    root = f", root element {brings['root']} in XML" if brings["root"] else ""
    item = f", items {brings['item']} in XML" if brings["item"] else ""
    yield f"  brings {brings['what']} at {path}, in {' or '.join(brings['formats'])}{root}{item}"
    yield from _table(
        (f["name"], f["as"], f["type"], _cited(f["at"]).strip()) for f in brings["fields"]
    )
    if brings["beside"]:
        is_list = brings["what"].startswith("list of ")
        yield f"  and beside {'the list' if is_list else 'it'}, as `reply.beside`"
    yield from _table(
        (f["name"], f["as"], f"in {f['where']}", f["type"], _cited(f["at"]).strip())
        for f in brings["beside"]
    )


def _cited(at: str) -> str:
    return f" ({at})" if at else ""


def _table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    listed = list(rows)
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    for row in listed:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "    " + "  ".join(cells).rstrip()
