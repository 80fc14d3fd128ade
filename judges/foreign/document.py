"""Read from an OpenAPI document, and from nothing else, how its operations are called.

Runs in the judges' environment, with the standard library alone: whoever gets the document must
need no more than what it says.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

__all__ = ["Call", "calls", "is_same_name", "load", "secrets", "server_path"]


@dataclass(frozen=True)
class Call:
    """One operation with the examples of the document."""

    name: str
    tag: str
    parameters: dict[str, Any]
    media_type: str
    model: str
    body: Any
    files: tuple[str, ...]
    is_open_reply: bool


def load(path: str) -> dict[str, Any]:
    """Read a document."""
    document: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    return document


def server_path(document: dict[str, Any]) -> str:
    """Return what stands before all paths."""
    return urlsplit(document["servers"][0]["url"]).path.rstrip("/")


def calls(document: dict[str, Any]) -> Iterator[Call]:
    """Yield every operation."""
    for item in document["paths"].values():
        for operation in item.values():
            content = operation.get("requestBody", {}).get("content", {})
            media_type = next(iter(content), "")
            model = content[media_type]["schema"]["$ref"].rpartition("/")[2] if content else ""
            fields = document["components"]["schemas"].get(model, {}).get("properties", {})
            reply = operation["responses"]["200"]["content"]["application/json"]["schema"]
            replied = document["components"]["schemas"][reply["$ref"].rpartition("/")[2]]
            yield Call(
                name=operation["operationId"],
                tag=operation["tags"][0],
                parameters={
                    parameter["name"]: parameter["example"]
                    for parameter in operation.get("parameters", ())
                },
                media_type=media_type,
                model=model,
                files=tuple(n for n, field in fields.items() if field.get("format") == "binary"),
                is_open_reply=replied.get("properties") == {},
                body=content[media_type].get("example") if media_type else None,
            )


def is_same_name(one: str, other: str) -> bool:
    """Whether two names differ in capitals and signs alone, as names of generated code do."""
    return re.sub(r"\W|_", "", one).lower() == re.sub(r"\W|_", "", other).lower()


def secrets(document: dict[str, Any], root: str) -> dict[tuple[str, str], str]:
    """Return what a request must carry, by place and name: keys, or what a new login gives.

    Args:
        document: says how to log in.
        root: address of the mock, whose credentials are the names of those of the document.
    """
    found: dict[tuple[str, str], str] = {}
    for name, scheme in document["components"].get("securitySchemes", {}).items():
        results: dict[str, str] = {}
        for step in scheme.get("x-gridwright", {}).get("login", ()):
            results[step["name"]] = _logged_in(step, results, root)
        found[scheme["in"], scheme["name"]] = results.get(name) or _demo(name)
    return found


def _logged_in(step: dict[str, Any], results: dict[str, str], root: str) -> str:
    address = urlsplit(next(iter(step["address"].values())))
    path = address.path + (f"?{address.query}" if address.query else "")
    places = {name: _value(value) for name, value in step.get("path", {}).items()} | results
    path = re.sub(r"\{(\w+)\}", lambda place: places[place[1]], path)
    sent = {
        name: _value(next(iter(values.values()))) for name, values in step.get("send", {}).items()
    }
    body = json.dumps(sent) if step["body"] == "json" else urlencode(sent)
    media_type = "json" if step["body"] == "json" else "x-www-form-urlencoded"
    headers = {"Content-Type": f"application/{media_type}"}
    request = Request(root + path, body.encode(), headers, method=step["method"])  # noqa: S310  # the mock's address
    with urlopen(request) as reply:  # noqa: S310  # as above
        text = reply.read().decode()
        for place in step["read"]:
            kind, _, name = place.partition(" ")
            if kind == "header" and reply.headers.get(name):
                return str(reply.headers[name])
            if kind == "body" and not name and text:
                return str(text)
    raise RuntimeError(f"the login {step['name']} gave nothing")


def _value(text: str) -> str:
    kind, _, name = text.partition("credential.")
    return _demo(name) if name and not kind else text


def _demo(name: str) -> str:
    return f"demo-{name}".replace("_", "-")
