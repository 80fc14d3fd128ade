"""Read the operations of an OpenAPI document: what they send, what they get."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from gridwright.importing.access import choose_schemes, server_address
from gridwright.importing.description import (
    Field,
    Join,
    Media,
    Operation,
    Parameter,
    Payload,
    Scheme,
    Status,
    Value,
)
from gridwright.importing.documents import Documents, below
from gridwright.importing.schemas import Schemas
from gridwright.importing.shapes import facts_of
from gridwright.importing.unsaid import Unsaid, short

__all__ = ["METHODS", "Reader"]

METHODS = ("get", "put", "post", "delete", "patch")
_OTHER_METHODS = ("options", "head", "trace")
_JSON = re.compile(r"(application|text)/([\w.-]+\+)?json|\*/\*|application/\*")
_XML = re.compile(r"(application|text)/([\w.-]+\+)?xml")
_JOINS = {
    ("form", False): ",", ("simple", False): ",", ("simple", True): ",",
    ("spaceDelimited", False): " ", ("pipeDelimited", False): "|", ("tabDelimited", False): "\t",
}  # fmt: skip
_SCALARS = frozenset({
    "text", "code", "integer", "decimal", "boolean", "date", "datetime", "duration",
})  # fmt: skip
_ENCODINGS = {
    "application/x-www-form-urlencoded": "form",
    "multipart/form-data": "multipart_form",
    "text/csv": "csv",
    "application/x-ndjson": "jsonl", "application/ndjson": "jsonl", "application/jsonl": "jsonl",
    "text/event-stream": "stream",
}  # fmt: skip
_USUAL = {
    "json": ("application/json",), "xml": ("application/xml", "text/xml"),
    "csv": ("text/csv",), "jsonl": ("application/x-ndjson",), "text": ("text/plain",),
    "form": ("application/x-www-form-urlencoded",), "multipart_form": ("multipart/form-data",),
    "file": ("application/octet-stream",),
}  # fmt: skip
Parameters = dict[tuple[str, str], tuple[dict[str, Any], str]]
"""As the file has them, with their places, by where they travel and their name."""
_IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
"""OpenAPI says that parameters of these names mean nothing."""


class Reader:
    """Reads operations; what they share is found once."""

    def __init__(
        self,
        documents: Documents,
        schemas: Schemas,
        schemes: dict[str, Scheme],
        servers: Sequence[str],
        unsaid: Unsaid,
    ) -> None:
        """Begin with what the operations refer to."""
        self.documents = documents
        self.schemas = schemas
        self.schemes = schemes
        self.unsaid = unsaid
        self._hosts = tuple(servers)
        self._is_from_operations = False
        self._parameters: dict[str, Any] = {}
        """Parameters as the file has them, by their places."""

    @property
    def parameters(self) -> dict[str, str]:
        """The names of all parameters that operations have, by their places."""
        return {place: str(given.get("name")) for place, given in self._parameters.items()}

    def operations(self) -> Iterator[tuple[str, Operation]]:
        """Yield each operation with its id, in the order of the file."""
        for path, given in self.documents.main["paths"].items():
            start = below("#/paths", path)
            if str(path).startswith("x-"):
                continue
            item, place, trouble = self.documents.follow(given, start)
            if trouble or not isinstance(item, dict):
                self.unsaid.leave(start, trouble or "a path that is no mapping", given)
                continue
            for key in ("summary", "description"):
                if item.get(key):
                    self.unsaid.leave(below(place, key), key, item[key])
            for method, operation in item.items():
                here = below(place, method)
                if method in METHODS and isinstance(operation, dict):
                    id_ = str(operation.get("operationId") or f"{method} {path}")
                    self.unsaid.operation = id_
                    yield id_, self._operation(id_, method, str(path), item, operation, here)
                elif method in (*METHODS, *_OTHER_METHODS):
                    self.unsaid.leave(here, "an operation of this method", operation)
            self.unsaid.operation = ""

    def _operation(
        self,
        id_: str,
        method: str,
        path: str,
        item: dict[str, Any],
        operation: dict[str, Any],
        place: str,
    ) -> Operation:
        stopped: list[str] = []
        self._leave_facts(operation, place)
        security, whole = operation.get("security"), "#/security"
        if "security" not in operation:
            security = self.documents.main.get("security")
        else:
            whole = below(place, "security")
        found = self._parameters_of(item, operation, place, stopped)
        parts = [*self._parts(found, stopped)]
        body = self._body(method, operation, place, stopped, parts)
        payload = self._payload(operation, place)
        server = self._own_server(item, operation, place, stopped)
        return Operation(
            id=id_,
            method=method.upper(),
            path=path,
            place=place,
            said=str(operation.get("summary") or operation.get("description") or ""),
            parts=tuple(parts),
            body=body,
            payload=payload,
            statuses=tuple(self._statuses(operation, place)),
            schemes=choose_schemes(security, self.schemes, whole, self.unsaid)
            or self._authorization(found),
            server=server,
            stopped="; ".join(stopped),
            summary=short(self.documents.summary(operation)) if stopped or body else "",
            facts=facts_of(operation),
        )

    def _leave_facts(self, operation: dict[str, Any], place: str) -> None:
        for key in ("callbacks", "externalDocs", "deprecated", "tags"):
            if operation.get(key) and key != "tags":
                self.unsaid.leave(below(place, key), key, operation[key], own=True)
        if operation.get("summary") and len(str(operation.get("description") or "")) > 0:
            self.unsaid.leave(
                below(place, "description"), "the description beside a summary",
                operation["description"], own=True,
            )  # fmt: skip

    def _own_server(
        self, item: dict[str, Any], operation: dict[str, Any], place: str, stopped: list[str]
    ) -> str:
        """Return the address of an operation's own server; empty: it is at that of the document.

        A spec is of one host, and its servers are environments: what is at another host is stopped.
        """
        server = self._server(item, operation, place)
        if not server or server in self._hosts:
            return server if self._is_from_operations else ""
        if not self._hosts:
            self._hosts, self._is_from_operations = (server,), True
            return server
        stopped.append(f"it is at another host, {server}, which needs a spec of its own")
        return ""

    def _server(self, item: dict[str, Any], operation: dict[str, Any], place: str) -> str:
        for holder in (operation, item):
            listed = holder.get("servers")
            if isinstance(listed, list) and listed:
                for number, other in enumerate(listed[1:], 1):
                    self.unsaid.leave(below(place, "servers", number), "a further server", other)
                return server_address(listed[0], below(place, "servers", 0), self.unsaid)
        return ""

    # --- Parameters -----------------------------------------------------------------------------

    def _parameters_of(
        self, item: dict[str, Any], operation: dict[str, Any], place: str, stopped: list[str]
    ) -> Parameters:
        found: Parameters = {}
        upper = place.rpartition("/")[0]
        for holder, start in ((item, upper), (operation, place)):
            if not isinstance(holder.get("parameters") or [], list):
                stopped.append("its parameters are no list")
            for number, given in enumerate(_items(holder.get("parameters"))):
                where = below(start, "parameters", number)
                parameter, there, trouble = self.documents.follow(given, where)
                if trouble or not isinstance(parameter, dict):
                    self.unsaid.leave(where, trouble or "a parameter that is no mapping", given)
                    continue
                key = str(parameter.get("in")), str(parameter.get("name"))
                found[key] = parameter, there  # the operation's own takes the place of the path's
        return found

    def _parts(self, parameters: Parameters, stopped: list[str]) -> Iterator[Parameter]:
        for (where, wire), (parameter, there) in parameters.items():
            yield from self._part(where, wire, parameter, there, stopped)

    def _authorization(self, parameters: Parameters) -> tuple[str, ...]:
        """Take a header that must be there for the login that the file declares nowhere else.

        OpenAPI says to ignore it; a client without it is refused.
        """
        for (where, wire), (parameter, place) in parameters.items():
            is_needed = parameter.get("required") is True
            if where == "header" and wire.lower() == "authorization" and is_needed:
                said = str(parameter.get("description") or "")
                self.schemes.setdefault(
                    wire,
                    Scheme(name=wire, kind="key", said=said, place=place, where=where, wire=wire),
                )
                self.unsaid.decide(f"what {wire} holds: its whole value is a credential now")
                return (wire,)
        return ()

    def _part(
        self, where: str, wire: str, parameter: dict[str, Any], place: str, stopped: list[str]
    ) -> Iterator[Parameter]:
        self._parameters[place] = parameter
        is_required = parameter.get("required") is True or where == "path"
        if where not in ("query", "path", "header", "cookie"):
            self.unsaid.leave(place, f"a parameter in {where!r}", parameter, own=True)
            return
        if where == "header" and wire.lower() in _IGNORED_HEADERS:
            self.unsaid.leave(place, "a header that OpenAPI ignores", wire, own=True)
            return
        for key in ("deprecated", "allowEmptyValue", "allowReserved", "examples"):
            if parameter.get(key):
                self.unsaid.leave(below(place, key), key, parameter[key])
        content = parameter.get("content")
        if isinstance(content, dict) and content:
            self.unsaid.leave(below(place, "content"), "a parameter that is a document", content)
            self.unsaid.decide(f"{wire}: the caller writes it as {next(iter(content))}")
            value = self.schemas.value({"type": "string"}, below(place, "content"))
        else:
            value = self.schemas.value(parameter.get("schema"), below(place, "schema"))
        value = _described(value, parameter)
        style = str(parameter.get("style") or ("simple" if where in ("path", "header") else "form"))
        explode = parameter.get("explode")
        explode = explode if isinstance(explode, bool) else style == "form"
        field = Field(wire=wire, value=value, is_required=is_required)
        if value.kind == "record" or (value.kind == "list" and value.keyed) or value.kind == "any":
            yield from self._structured(where, style, field, place, stopped, explode)
            return
        join: Join = None
        if value.kind == "list":
            join = _JOINS.get((style, explode))
            if join is None and ((style, explode) != ("form", True) or where == "path"):
                self.unsaid.leave(below(place, "style"), "style", f"{style}, explode {explode}")
                stopped.append(f"{wire} is a list in the style {style}")
        elif style not in ("simple", "form") and "style" in parameter:
            self.unsaid.leave(below(place, "style"), "style", style)
            if style in ("matrix", "label"):
                stopped.append(f"{wire} is written in the style {style}")
        yield Parameter(place=where, field=field, join=join)

    def _structured(
        self, where: str, style: str, field: Field, place: str, stopped: list[str], explode: bool
    ) -> Iterator[Parameter]:
        """Yield a part for each property of an object that is spread over a query."""
        value = field.value
        record = self.schemas.now(value.record) if value.kind == "record" else None
        is_spread = where in ("query", "cookie") and (
            style == "deepObject" or (style == "form" and explode)
        )
        if record is not None and is_spread and all(_is_plain(f.value) for f in record.fields):
            for one in record.fields:
                wire = f"{field.wire}[{one.wire}]" if style == "deepObject" else one.wire
                yield Parameter(
                    place=where,
                    field=Field(
                        wire=wire,
                        value=one.value,
                        is_required=field.is_required and one.is_required,
                    ),
                )
            return
        if value.kind == "any":
            text = self.schemas.value({"type": "string"}, value.place)
            what = "a parameter of several types, written as text"
            self.unsaid.leave(place, what, field.wire, own=True)
            yield Parameter(place=where, field=replace(field, value=replace(text, said=value.said)))
            return
        what = "a parameter that is an object"
        self.unsaid.leave(place, what, self.documents.summary(self._parameters[place]), own=True)
        if field.is_required:
            stopped.append(f"{field.wire} is an object in a {where}")

    # --- Bodies ---------------------------------------------------------------------------------

    def _body(
        self,
        method: str,
        operation: dict[str, Any],
        place: str,
        stopped: list[str],
        parts: list[Parameter],
    ) -> Media | None:
        """Return the body; ``parts`` grows by what of a form travels as a part of its own."""
        given = operation.get("requestBody")
        if not given:
            return None
        body, where, trouble = self.documents.follow(given, below(place, "requestBody"))
        content = body.get("content") if isinstance(body, dict) else None
        if trouble or not isinstance(content, dict) or not content:
            self.unsaid.leave(where, trouble or "a body without content", given, own=True)
            stopped.append("its body cannot be said")
            return None
        if method == "get":
            self.unsaid.leave(where, "a body of a GET", list(content), own=True)
            stopped.append("it is a GET with a body")
            return None
        chosen = min(content, key=lambda media: _rank(str(media), content[media]))
        for media in content:
            if media != chosen:
                self.unsaid.leave(below(where, "content", media), "a body in another form",
                                  self.documents.summary(content[media]), own=True)  # fmt: skip
        if body.get("required") is not True and "required" in body:
            self.unsaid.leave(below(where, "required"), "a body that may be left out", own=True)
        found = content[chosen] if isinstance(content[chosen], dict) else {}
        self._leave_examples(found, below(where, "content", chosen))
        value = self.schemas.value(found.get("schema"), below(where, "content", chosen, "schema"))
        encoding = _encoding_of_body(str(chosen), value)
        if not encoding:
            self.unsaid.leave(where, f"a body of {chosen}", found.get("schema"), own=True)
            stopped.append(f"its body is {chosen}")
            return None
        if encoding == "file":
            return self._file(value, where, [str(chosen), *map(str, content)])
        apart: frozenset[str] = frozenset()
        if encoding in ("form", "multipart_form"):
            in_form = [*self._in_form(value, found, below(where, "content", chosen), stopped)]
            apart = frozenset(part.field.wire for part in in_form)
            parts += in_form
        elif found.get("encoding"):
            said = below(where, "content", chosen, "encoding")
            self.unsaid.leave(said, "encoding", found["encoding"])
        return Media(
            encoding=encoding,
            value=value,
            place=where,
            root=str(value.xml.get("name") or "")
            or (_last_key(value.record) if value.record else ""),
            media=_unusual(str(chosen), encoding),
            apart=apart,
        )

    def _file(self, value: Value, place: str, offered: list[str]) -> Media:
        """Return a body whose bytes the caller gives."""
        if value.kind not in ("binary", "text", "any"):
            self.unsaid.leave(value.place, f"what a body of {offered[0]} holds", value.kind)
        files = {media for media in offered if _encoding_of_body(media, value) == "file"}
        if len(files) > 1:
            self.unsaid.decide("of which media type its body is: the Upload says it")
        media = _unusual(offered[0], "file") if len(files) == 1 else ""
        return Media(encoding="file", value=value, place=place, media=media)

    def _in_form(
        self, value: Value, media: dict[str, Any], place: str, stopped: list[str]
    ) -> Iterator[Parameter]:
        """Yield the lists of a form that do not repeat their name for each item."""
        said = media.get("encoding")
        said = said if isinstance(said, dict) else {}
        fields = self.schemas.now(value.record).fields if value.kind == "record" else ()
        lists = {
            field.wire: field
            for field in fields
            if field.value.kind == "list" and field.value.item and _is_plain(field.value.item)
        }
        for wire, words in said.items():
            words = words if isinstance(words, dict) else {}
            known = {"style", "explode"} if wire in lists else set()
            if words.keys() - known:
                self.unsaid.leave(below(place, "encoding", wire), "encoding", words)
            if wire not in lists or not words:
                continue
            style = str(words.get("style") or "form")
            explode = words.get("explode")
            explode = explode if isinstance(explode, bool) else style == "form"
            join = _JOINS.get((style, explode))
            if join is not None:
                yield Parameter(place="form", field=lists[wire], join=join)
            elif (style, explode) != ("form", True) or "contentType" in words:
                stopped.append(f"{wire} is a list in a form, written in a way of its own")
        if undefined := [wire for wire in lists if wire not in said and self._is_swagger2]:
            names = ", ".join(undefined)
            self.unsaid.decide(f"{names}: whether the form repeats its name, as it does now")

    @property
    def _is_swagger2(self) -> bool:
        """Whether the file does not say how a list in the form of a body is written."""
        return bool(self.documents.main.get("swagger"))

    # --- Replies --------------------------------------------------------------------------------

    def _payload(self, operation: dict[str, Any], place: str) -> Payload:
        """Return what the first success with a body brings; other successes are left out."""
        successes = self._successes(operation, place)
        if not successes:
            self.unsaid.leave(below(place, "responses"), "no success is described", own=True)
            self.unsaid.decide("what a success brings: the file describes none")
            return Payload(formats=("none",), place=below(place, "responses"))
        with_body = [one for one in successes if _content(one[1])]
        chosen = (with_body or successes)[0]
        for status, response, where in successes:
            if where == chosen[2]:
                continue
            said = self.documents.summary(response.get("content"))
            self.unsaid.leave(where, "a success of another form", f"{status} {said}", own=True)
        _, response, where = chosen
        for key in ("links", "headers"):
            if response.get(key):
                self.unsaid.leave(
                    below(where, key), key, self.documents.summary(response[key]), own=True
                )
        content = _content(response)
        if not content:
            return Payload(formats=("none",), place=where)
        media = min(content, key=lambda one: _rank(str(one), content[one]))
        held = content[media] if isinstance(content[media], dict) else {}
        for other in content:
            if other != media:
                self.unsaid.leave(below(where, "content", other), "a reply in another form",
                                  self.documents.summary(content[other]), own=True)  # fmt: skip
        self._leave_examples(held, below(where, "content", media))
        schema_place = below(where, "content", media, "schema")
        return self._payload_of_media(str(media), held.get("schema"), schema_place, where)

    def _successes(
        self, operation: dict[str, Any], place: str
    ) -> list[tuple[str, dict[str, Any], str]]:
        """Return status, response and place of each success, or of what holds for all statuses."""
        responses = operation.get("responses")
        responses = responses if isinstance(responses, dict) else {}
        found: list[tuple[str, dict[str, Any], str]] = []
        for status, given in responses.items():
            if not str(status).startswith("2") and status != "default":
                continue
            response, where, trouble = self.documents.follow(
                given, below(place, "responses", status)
            )
            if trouble or not isinstance(response, dict):
                self.unsaid.leave(where, trouble or "a response that is no mapping", given)
                continue
            found.append((str(status), response, where))
        return [one for one in found if one[0] != "default"] or found

    def _payload_of_media(self, media: str, schema: Any, schema_place: str, place: str) -> Payload:
        """Return what a reply of a media type brings: a message, or a file."""
        encoding = _encoding(media)
        unusual = _unusual(media, encoding)
        if encoding in ("json", "xml"):
            value = self.schemas.value(schema, schema_place)
            if value.kind != "binary":
                name = str(value.xml.get("name") or "") or _last_key(value.record or value.place)
                return Payload(
                    formats=(encoding,), place=place, value=value, root=name, media=unusual,
                    namespace=str(value.xml.get("namespace") or ""),
                )  # fmt: skip
        if encoding in ("csv", "jsonl", "text") and schema:
            value = self.schemas.value(schema, schema_place)
            if encoding != "text" and self._is_table(value, encoding):
                return Payload(formats=(encoding,), place=place, value=value, media=unusual)
            if value.kind in _SCALARS:
                unusual = _unusual(media, "text")
                return Payload(formats=("text",), place=place, value=value, media=unusual)
        if isinstance(schema, dict) and schema.get("type") not in ("string", None):
            self.unsaid.leave(schema_place, f"what a reply of {media} holds", schema, own=True)
        return Payload(formats=("file",), place=place)

    def _leave_examples(self, media: dict[str, Any], place: str) -> None:
        for key in ("example", "examples"):
            if media.get(key):
                self.unsaid.leave(below(place, key), key, media[key], own=True)

    def _is_table(self, value: Value, encoding: str) -> bool:
        """Whether a value is a list of records that each have a row or a line."""
        item = value.item
        if (
            value.kind != "list"
            or value.keyed
            or value.layout
            or item is None
            or item.kind != "record"
        ):
            return False
        fields = self.schemas.now(item.record).fields
        return encoding == "jsonl" or all(_is_plain(field.value) for field in fields)

    def _statuses(self, operation: dict[str, Any], place: str) -> Iterator[Status]:
        responses = operation.get("responses")
        responses = responses if isinstance(responses, dict) else {}
        for status, given in responses.items():
            name = str(status).lower()
            where = below(place, "responses", status)
            if name.startswith("2") or name.startswith("x-"):
                continue
            response, there, trouble = self.documents.follow(given, where)
            if trouble or not isinstance(response, dict):
                self.unsaid.leave(where, trouble or "a response that is no mapping", given)
                continue
            has_success = any(str(one).startswith("2") for one in responses)
            if name == "default" and not has_success:
                continue
            content = _content(response)
            if content:
                self.unsaid.leave(
                    below(there, "content"), "what a failure says", self.documents.summary(content)
                )
            if response.get("headers"):
                headers = self.documents.summary(response["headers"])
                self.unsaid.leave(below(there, "headers"), "headers of a failure", headers)
            if name == "default":
                self.unsaid.leave(there, "a reply of any other status", response.get("description"))
            elif re.fullmatch("[1345]([0-9][0-9]|xx)", name):
                said = str(response.get("description") or "")
                yield Status(status=name, said=said, place=there)
            else:
                self.unsaid.leave(there, "a status", status)


def _content(response: dict[str, Any]) -> dict[str, Any]:
    content = response.get("content")
    return content if isinstance(content, dict) else {}


def _encoding(media: str) -> str:
    plain = media.partition(";")[0].strip().lower()
    if _JSON.fullmatch(plain):
        return "json"
    if _XML.fullmatch(plain):
        return "xml"
    return _ENCODINGS.get(plain) or ("text" if plain.startswith("text/") else "")


def _encoding_of_body(media: str, value: Value) -> str:
    """Return how a body is written; "" where that cannot be said."""
    encoding = _encoding(media)
    if encoding == "stream" or (media.strip().lower().startswith("multipart/") and not encoding):
        return ""
    if encoding == "text" and value.kind in _SCALARS:
        return "text"
    is_any = "*" in media and value.kind == "binary"
    return "file" if is_any or encoding in ("", "text", "csv", "jsonl") else encoding


def _unusual(media: str, encoding: str) -> str:
    """Return a media type that a client would not name by itself; "" for all others."""
    plain = media.partition(";")[0].strip()
    is_known = plain.lower() in _USUAL.get(encoding, ()) or "*" in plain
    return "" if is_known or not re.fullmatch(r"[\w.+-]+/[\w.+-]+", plain, re.ASCII) else plain


def _rank(media: str, content: Any) -> tuple[int, int]:
    """Say how gladly a form of a body is taken: the lowest is taken."""
    order = ("json", "multipart_form", "form", "xml", "jsonl", "csv", "text", "", "stream")
    has_schema = isinstance(content, dict) and bool(content.get("schema"))
    exact = media.partition(";")[0].strip().lower() == "application/json"
    return order.index(_encoding(media)), 0 if exact else 1 if has_schema else 2


def _described(value: Value, parameter: dict[str, Any]) -> Value:
    said = str(parameter.get("description") or "") or value.said
    facts = facts_of(parameter) or value.facts
    example = parameter.get("example")
    if isinstance(example, (str, int)) and not isinstance(example, bool):
        value = replace(value, example=str(example))
    return replace(value, said=said, facts=facts)


def _is_plain(value: Value) -> bool:
    return value.kind not in ("record", "list", "any", "binary")


def _last_key(place: str) -> str:
    return place.rpartition("/")[2].replace("~1", "/").replace("~0", "~")


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
