"""Hostile specs: each is refused by diagnostics or becomes Python that compiles; none hangs."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from tests.combinations.covering import drawn
from tests.combinations.specs import spec_of

from campaign.replies import Hangs, within
from campaign.rows import Row
from gridwright.load import amend_text
from gridwright.output.render import render
from gridwright.pipeline import understand
from gridwright.targets import views

__all__ = ["campaign"]

_PROMISE = "no traceback, no hang, and Python that compiles"
_SECONDS = 20.0


def campaign(*, count: int, seed: int, longest_seconds: float) -> list[Row]:
    """Mutate specs, understand them, and generate from those that are understood."""
    rows = (Row("specs", "as trees", _PROMISE), Row("specs", "as texts", _PROMISE))
    bases = [spec_of("hostile", choice) for choice in drawn(12, seed=3)]
    began = time.monotonic()
    for number in range(count):
        if time.monotonic() - began > longest_seconds:
            break
        chance = Random(f"{seed}/spec/{number}")  # noqa: S311  # chooses trials
        base = json.loads(json.dumps(chance.choice(bases)))
        row = rows[number % 2]
        if number % 2:
            text = _changed_text(json.dumps(base, ensure_ascii=False, indent=1), chance)
        else:
            for _ in range(chance.choice((1, 1, 2, 3))):
                _change(base, chance)
            text = json.dumps(base, ensure_ascii=False).encode("utf-8", "surrogatepass")
        started = time.monotonic()
        broken = _try(text, row)
        row.seconds += time.monotonic() - started
        row.tried += 1
        if broken:
            row.broke(f"seed {seed}, number {number}: {broken}")
    return list(rows)


def _try(text: bytes, row: Row) -> str:
    try:
        with within(_SECONDS):
            amended, found = amend_text(text, "spec.yaml", ())
            interface, problems = understand(amended, found)
            for problem in problems:
                str(problem)
            if problems or interface is None or amended is None:
                row.seen["refused"] += 1
                return "" if problems else "is neither understood nor refused"
            row.seen["generated"] += 1
            for view in views(interface, "hostile_apis.hostile", amended.plain()):
                if view.path.endswith(".py"):
                    artifact = render(view, "hostile_apis.hostile")
                    compile(artifact.text, artifact.path, "exec", dont_inherit=True)
    except Hangs:
        return f"hangs for {_SECONDS:.0f} s"
    except Exception as error:
        return f"{_place(error)} raises {error!r:.300}"
    return ""


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "nothing"
    code = trace.tb_frame.f_code
    return f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"


def _change(tree: Any, chance: Random) -> None:
    """Change one place of a tree."""
    places = list(_places(tree))
    holder, key = chance.choice(places)
    match chance.randrange(7):
        case 0:
            del holder[key]
        case 1:
            holder[key] = chance.choice(_ODD)
        case 2:
            other, place = chance.choice(places)
            holder[key] = json.loads(json.dumps(other[place]))
        case 3 if isinstance(holder, dict):
            holder[chance.choice(_NAMES)] = holder.pop(key)
        case 4 if isinstance(holder[key], str):
            text = holder[key]
            at = chance.randrange(len(text) + 1)
            holder[key] = text[:at] + chance.choice(_PIECES) + text[at:]
        case 5 if isinstance(holder, list):
            holder.append(json.loads(json.dumps(holder[key])))
        case 6 if isinstance(holder, dict):
            holder[chance.choice(_NAMES)] = json.loads(json.dumps(holder[key]))
        case _:
            holder[key] = [holder[key]]


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    keys: Sequence[Any] = list(tree) if isinstance(tree, Mapping) else range(len(tree))
    for key in keys:
        yield tree, key
        if isinstance(tree[key], dict | list):
            yield from _places(tree[key])


def _changed_text(text: str, chance: Random) -> bytes:
    body = text.encode()
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(body))
        match chance.randrange(5):
            case 0:
                body = body[:at] + bytes((chance.randrange(256),)) + body[at + 1 :]
            case 1:
                body = body[:at] + body[at + chance.choice((1, 5, 50)) :]
            case 2:
                body = body[:at] + chance.choice(_YAML) + body[at:]
            case 3:
                body = body[:at]
            case _:
                body = body[:at] + body[at : at + 200] + body[at:]
    return body


_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**30, "", " ", [], {}, [[]], [None], "x" * 3000, "yes", "no", "null",
    "1-0", "0", "99999999", {"text": "x"}, {"text": "", "at": "1"}, "1e5", "~", "*", "&a", "json",
    "xml", "record", "list", "{}", "{a}", "/{a}/{a}", "//", "https://", "http://[", "header", "\n",
)  # fmt: skip
_PIECES = (
    '"', "'", '"""', "'''", "\\", "\n", "\r", "\t", "\x00", "\x07", "{", "}", "{{", "{%", "%}", "#",
    "\u202e", "\u200b", "\ufeff", "\u2028", "\x85", "é", "漢", "😀", "\u0130", "ſ", "ǅ", "$", "`",
    "-->", "]]>", "<b>", "|", "*/", ":", " ", "..", "/", "%00", "\ud800", "\u0300", "ﬁ", "٣", "²",
)  # fmt: skip
_NAMES = (
    "class", "None", "self", "import", "__init__", "__class__", "records", "models", "client", "a",
    "Record", "format", "strict", "timeout_seconds", "list", "str", "int", "datetime", "Decimal",
    "1a", "a b", "a-b", "", "_", "__", "é", "漢", "ﬁ", "print", "type", "match", "async", "raw",
    "x" * 300, "a.b", "A", "True", "items", "body", "reply", "operations", "Client", "\u200b", "a\n",  # noqa: E501
)  # fmt: skip
_YAML = (
    b"&a ", b"*a ", b"!!python/object:os.system ", b"!!binary ", b"? ", b"- ", b"\t", b"---\n",
    b"...\n", b"%YAML 9.9\n", b"|\n", b">\n", b"<<: *a\n", b"{", b"[", b"#", b"\x00", b"\xff\xfe",
    b"[" * 300, b"{a: " * 300, b"&a [*a, *a]", b"\xe2\x80\xa8", b'"\\ud800"', b"!a ", b"'", b'"',
)  # fmt: skip
