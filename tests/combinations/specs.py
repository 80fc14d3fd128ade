"""A spec for each combination, put together of fragments: one for each form of each axis."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from .covering import Choice

__all__ = ["Tree", "spec_of"]

Tree = dict[str, Any]
"""A spec as plain values."""

_SOAP = ("soap", "soap_alone")
API, LOGIN = "https://api.example.com/v1", "https://login.example.com"
_PATTERNS = {
    "date": ("date", "yyyymmdd"),
    "minute": ("datetime", "yyyymmddhhmi"),
    "seconds": ("datetime", "yyyy-MM-dd'T'HH:mm:ss"),
    "instant": ("datetime", "date-time"),
    "month": ("month", "yyyymm"),
    "time": ("time", "hhmi"),
    "day_of_month": ("day_of_month", "dd"),
}
# fmt: off
_TIMES: Mapping[str, Mapping[str, Any]] = {
    **{name: {"type": kind, "format": pattern} for name, (kind, pattern) in _PATTERNS.items()},
    "marked": {
        "type": "datetime", "format": "dd.MM.yyyy HH:mm", "pattern": "dd.MM.yyyy HH:mm{A|B}",
        "zone": "Europe/Berlin",
    },
    "zoned": {
        "type": "datetime", "format": "d MMM yyyy hh:mm a", "zone": "Europe/Lisbon",
        "calendar": "buddhist", "repeated": "second",
    },
    "epoch": {"type": "datetime", "format": "epoch_ms", "zone": "UTC"},
    "signs": {"type": "decimal", "format": "1.234,5"},
    "duration": {"type": "duration", "means": {"PT1D": "P1D", "HOURLY": "PT1H"}},
    "hours": {"type": "duration", "unit": "h"},
}
# fmt: on


_PAGE_FIELDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "rows": (("first_row", "integer"), ("last_row", "integer")),
    "page": (("page", "integer"), ("size", "integer")),
    "offset": (("offset", "integer"), ("size", "integer")),
    "token": (("token", "text"),),
}
_PAGING: Mapping[str, Tree] = {
    "rows": {"begin": "first_row", "end": "last_row"},
    "page": {"page": "page", "size": "size", "page_size": "20"},
    "offset": {"offset": "offset", "first": "1", "size": "size", "at_most": "5000"},
    "token": {"page_size": "5"},
    "link": {"link": "header Link", "page_size": "7"},
}


def spec_of(system: str, choice: Choice) -> Tree:
    """Return the spec of a combination."""
    tree: Tree = {
        "gridwright": "1",
        "system": system,
        "title": {"text": "Pairs", "en": "Pairs", "at": "1"},
        "document": {"file": "pairs.txt", "title": "Pairs", "language": "en", "at": "1"},
        "conventions": {
            "required_marks": {"M": "required", "O": "optional"},
            "time_zone": {"name": "Asia/Seoul", "at": "1"},
        },
        "servers": {"production": {"address": API, "default": "yes", "at": "2"}},
        "credentials": {},
        "auth": {},
        "limits": {},
        "statuses": {},
        "records": {},
        "envelopes": {},
        "operations": {},
    }
    operation = _operation(choice)
    tree["operations"]["ask"] = operation
    _request(tree, operation, choice)
    _reply(tree, operation, choice)
    _verdict(tree, operation, choice)
    _partial(tree, operation, choice)
    if choice["encoding"] in _SOAP:
        _soap(tree, choice)
    if choice["namespace"] == "several":
        _namespaces(tree, operation, choice)
    _access(tree, choice)
    _limit(tree, choice)
    if choice["kind"] == "reconcile":
        _search(tree, operation)
    if choice["harvest"] != "none":
        _harvest(operation, choice)
    if choice["address"] == "shared":
        _share_address(tree, operation)
    return {key: value for key, value in tree.items() if value not in ({}, [])}


def _namespaces(tree: Tree, operation: Tree, choice: Choice) -> None:
    """Put a message, its records and a field of them into namespaces of their own."""
    reply, body = operation["reply"], operation.get("body", {})
    reply.get("root", {})["namespace"] = "m"
    if "value" in reply:
        reply["value"] |= {"namespace": "o"} if "under" in reply else {}
    for name in ("Answer", "Piece"):
        if name in tree["records"] and "of" in reply:
            tree["records"][name]["namespace"] = "o"
    if "of" in reply:
        tree["records"]["Answer"]["fields"]["amount"]["namespace"] = "none"
    if "item" in reply:
        reply["item"]["namespace"] = "o"
    if "of" in reply and choice["record"] == "attributes":
        tree["records"]["Answer"]["fields"]["@state"]["namespace"] = "o"
        tree["records"]["Volume"]["fields"]["@unit"]["namespace"] = "xml"
    if "root" in body and choice["encoding"] in ("json", "xml", *_SOAP):
        body["root"]["namespace"] = "m"
        tree["records"]["Sent"]["namespace"] = "o"
        next(iter(tree["records"]["Sent"]["fields"].values()))["namespace"] = "m"
    if "soap" in tree:
        tree["soap"]["header"]["namespace"] = "o"
    written = repr(tree)
    tree["conventions"]["namespaces"] = {
        name: {"is": f"urn:pairs:{name}", "at": "1"}
        for name in ("m", "o")
        if f"'namespace': '{name}'" in written
    }


def _operation(choice: Choice) -> Tree:
    encoding, kind = choice["encoding"], choice["kind"]
    method = "POST"
    if encoding == "none":
        method = "GET" if kind == "read" else "DELETE"
    if choice["method"] != "usual":
        method = choice["method"]
    media = {"soap": "multipart_related", "soap_alone": "xml"}.get(encoding, encoding)
    several = {"both": ["json", "xml"], "csv_too": ["json", "csv"]}
    formats = several.get(choice["format"], [choice["format"]])
    operation: Tree = {
        "wire_name": "ask",
        "en": "question of a meter",
        "kind": "read" if kind == "read" else "write",
        "at": "3-20",
        "method": method,
        "address": {"text": "/ask", "at": "3"},
        "formats": formats,
        "request_media": media,
        "request": {},
    }
    if choice["wire_name"] == "left_out":
        del operation["wire_name"]
    if encoding in _SOAP:
        operation["protocol"] = "soap11"
    if choice["success"] != "usual":
        meaning = {"error": "none", "en": "it was carried out", "at": "3"}
        operation["statuses"] = {choice["success"]: meaning}
    return operation


def _text(name: str, at: int = 4, **more: Any) -> Tree:
    return {"name": name, "type": "text", "at": str(at), **more}


def _wire(choice: Choice, stem: str, place: str = "") -> tuple[str, Tree]:
    """Return a wire name of the chosen kind, and what the field says of it."""
    match choice["wire"]:
        case "dotted":
            return f"{stem}.x", {}
        case "hyphen":
            return f"{stem}-x", {}
        case "native":
            return f"{stem}값", {}
        case "undocumented":
            return f"({stem})", {"wire": "undocumented"}
        case _:
            return stem, {}


# --- the request ------------------------------------------------------------------------------


def _request(tree: Tree, operation: Tree, choice: Choice) -> None:
    asked: Tree = {"meter": _text("meter_number", size="10", required="M", **_form(choice))}
    if choice["time"] in _TIMES:
        asked["moment"] = _text("moment", required="M", **_TIMES[choice["time"]])
    if choice["harvest"] == "day":
        asked["on"] = _text("only_day", required="M", type="date", format="yyyymmdd")
    if choice["harvest"] == "period" or choice["limit"] in ("period", "history"):
        for wire, name in (("from", "first_day"), ("to", "last_day")):
            asked[wire] = _text(name, required="M", type="date", format="yyyymmdd")
    if choice["limit"] == "batch":
        asked["ids"] = _text("ids", required="M", type="list", of="text")
    if choice["record"] == "rules":
        asked |= {name: _text(name, required="O") for name in ("since", "until", "alone")}
    if choice["record"] == "boolean":
        asked["flag"] = _text("flag", required="M", type="boolean")
    for wire, kind in _PAGE_FIELDS.get(choice["paging"], ()):
        is_needed = choice["paging"] == "rows"
        asked[wire] = _text(wire, required="M" if is_needed else "O", type=kind)
    fields = _sent_fields(tree, choice)
    if choice["encoding"] in _SOAP:
        fields = {**asked, **fields}
    else:
        operation["request"].update(asked)
    _extra(tree, operation, choice)
    if choice["list"] != "none":
        _list(operation, choice)
    if choice["record"] == "rules":
        rule = {
            "kind": "forbidden",
            "field": "meter",
            "values": ["0" * 10],
            "en": "never zeros alone",
            "at": "9",
        }
        groups = {
            "one_of": ["since", "meter"],
            "at_most_one": ["since", "alone"],
            "together": ["since", "until"],
            "needs": ["alone", "meter"],
        }
        operation["rules"] = [
            rule,
            *(
                {"kind": kind, "fields": names, "en": "what goes together", "at": "9"}
                for kind, names in groups.items()
            ),
        ]
    _body(tree, operation, choice, fields)
    if not operation["request"]:
        del operation["request"]


def _extra(tree: Tree, operation: Tree, choice: Choice) -> None:
    """Add the one value whose place, source and name the combination chooses."""
    place, source = choice["place"], choice["source"]
    stem = "X-Extra" if place == "header" else "extra"
    wire, said = _wire(choice, stem, place)
    field: Tree = {"name": "extra", "at": "5", "in": place, **said}
    match source:
        case "argument":
            field |= {"type": "text", "required": "M", "size": "20"}
        case "constant":
            field |= {"value": "fixed"}
        case "by_default":
            field |= {"value": "fixed", "default": "fixed"}
        case "credential":
            tree["credentials"]["extra_key"] = _credential(tree, "EXTRA_KEY", secret="yes")
            field |= {"credential": "extra_key", "type": "text", "secret": "yes"}
        case "basic":
            for name in ("extra_user", "extra_word"):
                tree["credentials"][name] = _credential(tree, name.upper(), secret="yes")
            field |= {
                "basic": {"user": "credential.extra_user", "password": "credential.extra_word"}
            }
        case "step":
            part = ".access" if choice["access"] in ("refreshed", "rotated") else ""
            field |= {"value": f"Token-{{step.session{part}}}"}
        case "uuid":
            field |= {"with": "uuid"}
        case "option":
            field |= {"with": "option", "default": "gridwright"}
        case "format_word":
            values = {f"0{n}": name for n, name in enumerate(operation["formats"], 1)}
            field |= {"type": "text", "selects": "format", "values": values}
    if place == "path":
        operation["address"] = {"text": f"/ask/{{{wire}}}", "at": "3"}
    if place == "body" and source != "argument":
        field["under"] = ["outer", "inner"]
    operation["request"][wire] = field


def _list(operation: Tree, choice: Choice) -> None:
    """Add a list outside of the body, in the chosen place where that can hold one."""
    place, joined = choice["place"], choice["list"] == "joined"
    if choice["encoding"] in _SOAP or place == "header":
        place = "header"
    elif place == "body" or (place == "path" and not joined):
        place = "query"
    wire = "X-Ids" if place == "header" else "ids"
    field = _text("list_of_ids", 5, type="list", of="text", required="M", **{"in": place})
    if choice["facts"] == "said":
        field |= {"count": "1-5", "length": "2", "matches": "[A-Z][0-9]"}
    operation["request"][wire] = field | ({"join": "|"} if joined else {})
    if place == "path":
        operation["address"]["text"] += "/{ids}"


def _sent_fields(tree: Tree, choice: Choice) -> Tree:
    """Return the fields of the record of the body."""
    fields: Tree = {"customer": _text("customer_number", required="M", size="12")}
    has_record = choice["body"] not in ("none", "parts")
    in_json = _in_json(choice, choice["encoding"]) if has_record else {}
    if choice["facts"] == "said":
        fields["customer"] |= {"length": ["2", "10-12"], "size_unit": "bytes"}
    match choice["record"]:
        case "nested":
            tree["records"]["Site"] = _record("a site", {"street": _text("street", 7)})
            fields["site"] = _text("site", type="record", of="Site", required="M")
        case "file":
            fields["drawing"] = _text("drawing", type="binary", required="M")
        case "files":
            fields["drawing"] = _text("drawings", type="list", of="binary", required="M")
        case "boolean":
            fields["urgent"] = _text("is_urgent", type="boolean", required="M", **in_json)
        case "anything":
            fields["extra"] = _text("anything", type="any", required="M")
        case _:
            fields["amount"] = _text(
                "amount_kwh", type="decimal", size="8,3", unit="kWh", required="O",
                **_range(choice), **in_json,
            )  # fmt: skip
    if in_json:
        fields["level"] = _level(tree, required="M")
    if choice["kind"] == "reconcile":
        tree["records"]["Item"] = _record("what is sent", fields)
        count: Tree = {"count": "1-20"} if choice["facts"] == "said" else {}
        return {"items": _text("things", type="list", of="Item", required="M", **count)}
    return fields


def _body(tree: Tree, operation: Tree, choice: Choice, fields: Tree) -> None:
    xml = "xml" in operation["formats"] or choice["encoding"] in ("xml", *_SOAP)
    root = {"root": {"element": "question", "at": "6"}} if xml else {}
    match choice["body"]:
        case "none":
            return
        case "parts":
            place = "form" if choice["encoding"] in ("form", "multipart_form") else "body"
            operation["request"]["customer"] = {
                **_text("customer_number", required="M"),
                "in": place,
            }
            return
        case "value":
            value: Tree = {"type": "list", "of": "Sent"}
            if choice["encoding"] in ("text", "file"):
                value = {"type": "binary" if choice["encoding"] == "file" else "text"}
            else:
                tree["records"]["Sent"] = _record("what is sent", fields, _is_open(choice))
                if choice["encoding"] == "json" and not _is_open(choice):
                    value |= _laid_out(choice)
            item: Tree = {"item": "thing"} if root and "of" in value else {}
            whole = _text("things", required="M", **value, **item)
            operation["body"] = {"value": whole, **(root if item else {}), "at": "6"}
        case "record":
            tree["records"]["Sent"] = _record("what is sent", fields, _is_open(choice))
            operation["body"] = {"of": "Sent", **root, "at": "6"}
        case "arguments":
            tree["records"]["Sent"] = _record("what is sent", fields, _is_open(choice))
            outer = {"data": _text("data", type="record", of="Sent", required="M")}
            if choice["verdict"] in ("root", "kinds"):
                pair = {"key": _text("key", 7), "value": _text("value", 7)}
                tree["records"]["Pair"] = _record("a pair", pair)
                outer["head"] = _text("head", type="list", of="Pair", required="O")
            tree["records"]["Question"] = _record("the question", outer)
            operation["body"] = {"of": "Question", "arguments": "data", **root, "at": "6"}
    if choice["record"] == "attachments":
        operation["body"]["attachments"] = "yes"


def _laid_out(choice: Choice) -> Tree:
    """Return how JSON lays out a list that is a body."""
    if choice["layout"] == "keyed":
        return {"keyed_by": "customer"}
    if choice["layout"] == "named":
        return {"layout": "arrays"}  # only what comes back names its columns
    return {} if choice["layout"] == "objects" else {"layout": choice["layout"]}


def _is_open(choice: Choice) -> bool:
    return choice["record"] == "open"


def _record(en: str, fields: Tree, is_open: bool = False, **more: Any) -> Tree:
    return {"en": en, "at": "7", **({"open": "yes"} if is_open else {}), **more, "fields": fields}


# --- the reply --------------------------------------------------------------------------------


def _reply(tree: Tree, operation: Tree, choice: Choice) -> None:
    shape = choice["shape"]
    formats = [name for name in operation["formats"] if name in ("json", "xml")]
    reply: Tree = {}
    _beside(reply, choice)
    if shape in ("file", "none"):
        if reply:
            operation["reply"] = reply
        return
    under = {"under_1": ["data"], "under_3": ["answer", "body", "data"]}.get(choice["path"])
    if under is not None:
        reply["under"] = under
    if "xml" in formats:
        reply["root"] = {"element": "answer", "at": "10"}
    if choice["path"] == "named":
        reply["under"] = "body"
        reply["root"] = {"element": "answer", "formats": formats, "at": "10"}
    operation["reply"] = reply
    if choice["format"] == "csv":
        reply["csv"] = {"separator": ";", "skip": "2", "missing": ["n/a"], "at": "10"}
        if choice["packing"] != "none":
            # Among lines of other kinds, as reports of several tables are.
            reply["csv"] |= {"heading": "I;A;", "rows": "D;A;", "ignore": ["C;", "I;", "D;"]}
            reply["csv"]["end"] = "C;END"
    if choice["packing"] != "none":
        reply["packed"] = choice["packing"]
    if shape == "value":
        is_beside = choice["verdict"] in ("root", "element", "kinds", "gateway")
        is_beside |= choice["partial"] == "said"
        is_bare = choice["path"] == "root" and choice["format"] != "text"
        if is_bare and (is_beside or choice["encoding"] in _SOAP):
            reply["under"] = ["state"]  # a value at the root has nothing beside it, and no name
        reply["value"] = _text(
            "state", 10, en="state of the meter",
            **_echo(choice), **_echo_of_list(choice), **_missing(choice),
            # What a list asks for has another form than the number of a meter.
            **(_form(choice) if choice["echo"] != "listed" else {}),
        )  # fmt: skip
        return
    tree["records"]["Answer"] = _record(
        "answer about a meter", _answer_fields(tree, operation, choice)
    )
    reply["of"] = "Answer"
    if _is_open(choice):
        tree["records"]["Answer"]["open"] = "yes"
    if choice["record"] == "variants":
        tree["records"]["LongAnswer"] = _record(
            "a longer answer", {"remark": _text("remark", 8)}, extends="Answer"
        )
        form = {"when": {"kind": ["L"]}, "of": "LongAnswer", "en": "the longer form", "at": "10"}
        reply["variants"] = [form]
    if choice["record"] == "attachments":
        reply["attachments"] = "yes"
    paged = {**_PAGING.get(choice["paging"], {}), "name": "iter_answers", "at": "11"}
    if shape in ("list", "list_at_root"):
        is_bare = shape == "list_at_root" or choice["format"] in ("csv", "jsonl")
        reply["list"] = {"element": "." if is_bare else "rows", "at": "10"}
        if choice["layout"] == "keyed":
            reply["list"]["keyed_by"] = "number"
        elif choice["layout"] == "named":
            reply["list"] |= {"layout": "arrays", "names": "columns", "named_by": "title"}
        elif choice["layout"] != "objects":
            reply["list"]["layout"] = choice["layout"]
        if choice["items"] == "judged":
            reply["list"]["verdict"] = "of_items"
            tree["envelopes"]["of_items"] = {
                "success": {"came": ["1"]}, "code": "why", "message": "words", "at": "10",
                "errors": {"I7": {"error": "not_subscribed", "en": "no access", "at": "10"}},
            }  # fmt: skip
        if "xml" in formats:
            reply["item"] = {"element": "row", "at": "10"}
        if choice["path"] == "named":
            reply["item"] = {"element": "row", "formats": formats, "at": "10"}
        if choice["paging"] == "token":
            place = {"under": "meta", "presence": "optional"}
            next_token = {"next": _text("next_token", 10, **place)}
            reply["beside"] = {**reply.get("beside", {}), **next_token}
            paged["token"] = {"send": "token", "read": "body meta.next"}
        if choice["paging"] != "none":
            operation["paging"] = {**paged, "key": "number"}
    elif choice["paging"] != "none":
        tree["records"]["Row"] = _record("a row", {"number": _number(), "text": _text("text", 8)})
        fields = tree["records"]["Answer"]["fields"]
        fields["count"] = _text("row_count", 8, type="integer")
        fields["lines"] = _text("lines", 8, type="list", of="Row")
        if choice["paging"] == "token":
            fields["next"] = _text("next_token", 8, presence="optional")
            paged["token"] = {"send": "token", "read": "next"}
        paged |= {"total": "count", "records": "lines"}
        operation["paging"] = {**paged, "key": "number"}


def _echo(choice: Choice) -> Tree:
    return {"echoes": "meter"} if choice["echo"] == "said" else {}


def _echo_of_list(choice: Choice) -> Tree:
    return {"echoes": "list_of_ids"} if choice["echo"] == "listed" else {}


def _midnight(choice: Choice) -> Tree:
    return {} if choice["midnight"] == "unsaid" else {"midnight": choice["midnight"]}


def _missing(choice: Choice) -> Tree:
    return {"missing": ["n/a", "-"]} if choice["missing"] == "words" else {}


def _form(choice: Choice) -> Tree:
    return {"length": "10", "matches": "[0-9]+"} if choice["facts"] == "said" else {}


def _range(choice: Choice) -> Tree:
    said = {"range": {"from": "-5", "to": "900", "step": "0.5"}}
    return said if choice["facts"] == "said" else {}


def _in_json(choice: Choice, *formats: str) -> Tree:
    """Return that JSON has a text in the place of a value, where it travels in JSON."""
    is_said = choice["in_json"] == "otherwise" and {"json", "jsonl"} & {*formats}
    return {"json": "text"} if is_said else {}


def _level(tree: Tree, **more: Any) -> Tree:
    """Return a field whose codes are numbers in JSON."""
    values = {code: {"name": f"level_{code}"} for code in ("0", "12")}
    tree["codes"] = {"level": {"en": "level", "at": "8", "values": values}}
    return _text("level", 8, type="code", codes="level", json="number", **more)


def _beside(reply: Tree, choice: Choice) -> None:
    total = _text("total", 10, type="integer")
    if choice["beside"] == "message":
        reply["beside"] = {
            "total": {**total, "under": ["state", "size"]},
            "page": _text("page", 10),
        }
    elif choice["beside"] == "header":
        reply["beside"] = {"X-Total": {**total, "in": "header"}}
    elif choice["beside"] == "block":
        reply["beside"] = {"total": {**total, "in": "soap_header"}}


def _number() -> Tree:
    return _text("number", 8, type="integer")


def _answer_fields(tree: Tree, operation: Tree, choice: Choice) -> Tree:
    in_json = _in_json(choice, *operation["formats"])
    fields: Tree = {
        "number": {**_number(), **in_json},
        "meter": _text("meter_number", 8, size="10", **_echo(choice), **_form(choice)),
        "amount": _text(
            "amount_kwh",
            8,
            type="decimal",
            size="8,3",
            unit="kWh",
            **_missing(choice),
            **_range(choice),
            **in_json,
        ),
    }
    if choice["echo"] == "listed":
        fields["asked"] = _text("id_asked", 8, size="2", **_echo_of_list(choice))
    if in_json:
        fields["level"] = _level(tree)
    if choice["items"] == "judged":
        fields["came"] = _text("came", 8, type="integer")
        fields["why"] = _text("reason_code", 8, presence="optional")
        fields["words"] = _text("reason_text", 8, presence="optional")
    if choice["time"] in _TIMES:
        fields["moment"] = _text("moment", 8, **_TIMES[choice["time"]])
    wire, said = _wire(choice, "note")
    fields[wire] = _text("note", 8, presence="optional", **said)
    match choice["record"]:
        case "nested":
            tree["records"]["Piece"] = _record("a piece", {"size": _text("size", 8)})
            fields["pieces"] = _text("pieces", 8, type="list", of="Piece")
        case "filler":
            piece = _record("a piece", {"size": _text("size", 8), "of": _text("owner", 8)})
            tree["records"]["Piece"] = {**piece, "filler": {"size": "0"}}
            fields["pieces"] = _text("pieces", 8, type="list", of="Piece")
        case "attributes":
            volume = {"@unit": _text("unit_code", 8), "size": _text("size", 8)}
            tree["records"]["Volume"] = _record("a volume", volume)
            fields["@state"] = _text("state_code", 8)
            fields["volumes"] = _text("volumes", 8, type="list", of="Volume")
        case "contained":
            tree["records"]["Piece"] = _record("a piece", {"size": _text("size", 8)})
            fields["deep"] = _text("depth", 8, under=["box", "inner"])
            fields["pieces"] = _text(
                "pieces", 8, type="list", of="Piece", under="box", item="piece"
            )
        case "variants":
            fields["kind"] = _text("answer_kind", 8, size="1")
        case "boolean":
            fields["open"] = _text("is_open", 8, type="boolean", **in_json)
        case "anything":
            fields["extra"] = _text("anything", 8, type="any")
        case "series":
            fields["service_day"] = _text("service_day", 8, type="date", format="yyyymmdd")
            fields["e"] = _text("energy_kwh", 8, type="decimal", unit="kWh", series={
                "wire": "e{hhmm}", "first": "0100", "last": "2400", "step": "PT60M",
                "label_marks": "end", "day": "service_day",
            })  # fmt: skip
        case "numbered":
            fields["service_day"] = _text("service_day", 8, type="date", format="yyyymmdd")
            fields["e"] = _text("energy_kwh", 8, type="decimal", unit="kWh", series={
                "wire": "e{n}", "first": "01", "last": "25", "step": "PT60M", "day": "service_day",
            })  # fmt: skip
        case "instant":
            fields["service_day"] = _text("service_day", 8, type="date", format="yyyymmdd")
            fields["hour"] = _text("hour", 8, type="time", format="hhmi")
            fields["e"] = _text("energy_kwh", 8, type="decimal", unit="kWh", instant={
                "day": "service_day", "time": "hour", "step": "PT60M", "label_marks": "end",
                **_midnight(choice),
            })  # fmt: skip
        case "quartered":
            fields["service_day"] = _text("service_day", 8, type="date", format="yyyymmdd")
            fields["hour"] = _text("hour", 8, type="time", pattern="HH")
            fields["quarter"] = _text("quarter", 8, type="integer")
            fields["again"] = _text("second_hour", 8, size="1")
            fields["e"] = _text("energy_kwh", 8, type="decimal", unit="kWh", instant={
                "day": "service_day", "time": "hour", "position": "quarter", "step": "PT15M",
                "label_marks": "end", "repeated": {"field": "again", "second": ["Y"]},
                **_midnight(choice),
            })  # fmt: skip
        case "positions":
            point = {
                "number": _text("number", 8, type="integer"),
                "e": _text("energy_kwh", 8, type="decimal", unit="kWh", instant={
                    "start": "begins", "end": "ends", "position": "number", "step": "PT30M",
                    "omitted": {"field": "curve", "repeat": ["A03"]},
                }),
            }  # fmt: skip
            tree["records"]["Point"] = _record("a value at a position", point)
            fields["begins"] = _text("begins_at", 8, type="datetime", format="rfc3339")
            fields["ends"] = _text("ends_at", 8, type="datetime", format="rfc3339")
            fields["curve"] = _text("curve", 8, size="3")
            fields["points"] = _text("points", 8, type="list", of="Point")
        case "measured":
            fields["service_day"] = _text("service_day", 8, type="date", format="yyyymmdd")
            fields["hour"] = _text("hour", 8, type="time", format="hhmi")
            fields["uom"] = _text("unit_code", 8, size="3")
            fields["power"] = _text("power_of_ten", 8, type="integer")
            fields["till"] = _text("till", 8, type="time", format="hhmi")
            fields["grade"] = _text("grade", 8, size="1")
            unit = {"field": "uom", "values": {"72": "Wh", "kWh": "kWh"}, "power_of_ten": "power"}
            fields["e"] = _text("energy", 8, type="decimal", unit=unit, instant={
                "day": "service_day", "time": "hour", "step": "PT60M", "label_marks": "start",
                "label": "yes", "quality": "grade", "until": "till",
            })  # fmt: skip
        case "sited":
            hour = {
                "hour": _text("hour", 8, type="time", format="hhmi"),
                "e": _text("energy_kwh", 8, type="decimal", unit="kWh", instant={
                    "day": "service_day", "time": "hour", "step": "PT60M", "label_marks": "end",
                    "repeated": "in_order", **_midnight(choice),
                }),
            }  # fmt: skip
            zone = {"zone": {"field": "tz"}}
            tree["records"]["Hour"] = _record("an hour of a site", hour) | zone
            fields["tz"] = _text("zone_name", 8, size="30")
            fields["service_day"] = _text("service_day", 8, type="date", format="yyyymmdd")
            fields["hours"] = _text("hours", 8, type="list", of="Hour")
        case "between":
            fields["begins"] = _text("begins_at", 8, type="datetime", format="rfc3339")
            fields["ends"] = _text("ends_at", 8, type="datetime", format="rfc3339")
            fields["e"] = _text("energy_kwh", 8, type="decimal", unit="kWh", instant={
                "start": "begins", "end": "ends",
            })  # fmt: skip
        case "paired":
            for which in ("begin", "end"):
                fields[f"{which}s_on"] = _text(f"{which}_day", 8, type="date", format="dd.MM.yyyy")
                fields[f"{which}s_at"] = _text(f"{which}_time", 8, type="time", format="HH:mm")
            fields["e"] = _text("energy_kwh", 8, type="decimal", unit="kWh", instant={
                "start": {"day": "begins_on", "time": "begins_at"},
                "end": {"day": "ends_on", "time": "ends_at"},
            })  # fmt: skip
        case "monthly":
            fields["service_month"] = _text("service_month", 8, type="month", format="yyyy-MM")
            fields["e"] = _text("energy_kwh", 8, type="decimal", unit="kWh", instant={
                "month": "service_month",
            })  # fmt: skip
    is_message = choice["path"] == "root" and choice["shape"] == "record"
    if choice["verdict"] in ("root", "kinds") and is_message:
        fields |= _verdict_fields(choice)
    return fields


def _verdict_fields(choice: Choice) -> Tree:
    fields = {"code": _text("result_code", 12), "text": _text("result_text", 12)}
    if choice["verdict"] == "kinds":
        fields["sort"] = _text("result_sort", 12)
    return fields


def _verdict(tree: Tree, operation: Tree, choice: Choice) -> None:
    verdict = choice["verdict"]
    if verdict == "none":
        return
    if verdict == "statuses":
        tree["statuses"] = {
            "404": {"error": "no_data", "en": "nothing is known of the meter", "at": "13"},
            "409": {"error": "rejected", "en": "not now", "at": "13"},
            "5xx": {"error": "busy", "en": "too much to do", "at": "13"},
        }
        return
    if verdict == "case":
        _cases(tree, operation)
        return
    element = {"root": ".", "kinds": "."}.get(verdict, "head")
    formats = [
        name
        for name in operation["formats"]
        if name in ("json", "xml") and (verdict != "in_list" or name == "xml")
    ]
    envelope: Tree = {
        "header": {"element": element, "at": "12", "fields": _verdict_fields(choice)},
        "success": {"code": ["0"]},
        "code": "code",
        "message": "text",
        "errors": {"E4": {"error": "no_data", "en": "there are no data", "at": "12"}},
        "at": "12",
    }
    if formats:
        envelope["header"]["formats"] = formats
    if verdict == "in_list":
        envelope["failure_in_list"] = {"en": "a failure", "observed": "seen in replies"}
        if not formats:
            envelope["header"]["formats"] = ["xml"]
    if verdict == "kinds":
        envelope["kinds"] = {
            "field": "sort",
            "values": {"S": {"error": "system", "en": "the system failed", "at": "12"}},
        }
    if choice["path"] == "envelope":
        envelope["payload"] = {"element": "data", "at": "12"}
    if choice["body"] == "arguments" and verdict in ("root", "kinds"):
        envelope["identity"] = "id"
        envelope["pairs"] = {
            "field": "head", "key": "key", "value": "value", "at": "12",
            "fill": {
                "id": {"with": "uuid", "name": "transaction_id", "en": "the id", "at": "12"},
                "app": {"with": "option", "name": "application", "en": "the caller", "at": "12"},
            },
        }  # fmt: skip
    tree["envelopes"]["verdict"] = envelope
    operation["envelope"] = "verdict"
    if verdict == "gateway":
        fields = {"number": _text("gateway_code", 12), "words": _text("gateway_text", 12)}
        tree["envelopes"]["front"] = {
            "root": {"element": "gatewayAnswer", "at": "12"},
            "header": {"element": "trouble", "at": "12", "fields": fields},
            "code": "number",
            "message": "words",
            "errors": {"G3": {"error": "authentication", "en": "no such key", "at": "12"}},
            "at": "12",
        }
        operation["envelope"] = ["verdict", "front"]


def _partial(tree: Tree, operation: Tree, choice: Choice) -> None:
    """List what failed beside the data."""
    if choice["partial"] == "none":
        return
    own = {} if choice["encoding"] in _SOAP else {"under": "detail"}
    fields = {"why": _text("failure_code", 12), "words": _text("failure_text", 12, **own)}
    formats = [name for name in operation["formats"] if name in ("json", "xml")]
    tree["envelopes"]["parts"] = {
        "header": {
            "element": "trouble", "under": "notes", "formats": formats, "at": "12",
            "fields": fields,
        },
        "partial": {"en": "a part that failed", "at": "12"},
        "code": "why",
        "message": "words",
        "errors": {"P5": {"error": "not_subscribed", "en": "no access", "at": "12"}},
        "at": "12",
    }  # fmt: skip
    judging = operation.get("envelope", [])
    operation["envelope"] = [*([judging] if isinstance(judging, str) else judging), "parts"]


def _cases(tree: Tree, operation: Tree) -> None:
    """Let a header that only failures have decide, and what is around it."""
    no_data = {"root": ["refusal"], "contains": {"text": "nothing found"}, "error": "no_data"}
    wrong = {"root": ["refusal"], "error": "rejected"}
    busy = {"status": ["5xx"], "lacks": "rows", "error": "busy"}
    limit = {"when": {"code": ["E9"]}, "error": "limit"}
    fields = {"code": _text("result_code", 12), "text": _text("result_text", 12)}
    tree["envelopes"]["verdict"] = {
        "header": {
            "element": "why", "under": ["notes"], "presence": "optional", "at": "12",
            "fields": fields,
        },
        "cases": [{**case, "en": "a case", "at": "12"} for case in (no_data, wrong, busy, limit)],
        "code": "code",
        "message": "text",
        "errors": {"E4": {"error": "no_data", "en": "there are no data", "at": "12"}},
        "at": "12",
    }  # fmt: skip
    operation["envelope"] = "verdict"


# --- around -----------------------------------------------------------------------------------


def _credential(tree: Tree, name: str, **more: Any) -> Tree:
    environment = f"{tree['system'].upper()}_{name}"
    return {"en": name.lower(), "environment": environment, "at": "14", **more}


def _access(tree: Tree, choice: Choice) -> None:
    access, credentials = choice["access"], tree["credentials"]
    if access == "open":
        return
    if access == "certificate":
        tree["auth"] = {"certificate": {"en": "the certificate of the company", "at": "14"}}
        return
    if access in ("key", "key_or_none"):
        form = {"matches": "[a-z]+(-[a-z]+)*"} if choice["facts"] == "said" else {}
        credentials["api_key"] = _credential(tree, "API_KEY", secret="yes", **form)
        if access == "key_or_none":
            credentials["api_key"]["optional"] = "yes"
        tree["auth"] = {
            "present": {"X-Key": {"in": "header", "value": "credential.api_key", "at": "14"}}
        }
        return
    for name in ("user", "password"):
        credentials[name] = _credential(tree, name.upper(), secret="yes")
    user = {"user": "credential.user", "password": "credential.password"}
    if access in ("wss_text", "wss_digest"):
        own = {"username": user["user"], "password": user["password"]}
        tree["soap"]["security"] = {**own, "password_as": access.removeprefix("wss_"), "at": "18"}
        if access == "wss_text" and choice["beside"] != "block":
            del tree["soap"]["header"], tree["soap"]["fields"]
        return
    if access == "basic":
        tree["auth"] = {"present": {"Authorization": {"in": "header", "basic": user, "at": "14"}}}
        return
    step: Tree = {
        "name": "session", "method": "POST", "address": "/login", "body": "json", "send": user,
        "read": ["body token"], "lifetime": "PT30M", "renew_when": ["status 401"], "at": "15",
    }  # fmt: skip
    steps, present = [step], {"in": "header", "value": "Bearer {step.session}", "at": "15"}
    name = "Authorization"
    match access:
        case "session":
            name, present["value"] = "X-Session", "step.session"
        case "elsewhere":
            step |= {"address": f"{LOGIN}/token", "body": "form", "read": ["header X-Token"]}
        case "two_steps":
            step |= {"address": f"{LOGIN}/tickets", "body": "form", "read": ["body"]}
            steps.append({
                "name": "ticket", "method": "POST", "address": f"{LOGIN}/tickets/{{session}}",
                "body": "form", "send": {"service": "ask"}, "read": ["body"], "lifetime": "PT30S",
                "uses": "once", "at": "16",
            })  # fmt: skip
            name, present["value"] = "X-Ticket", "step.ticket"
        case "jwt":
            step |= {"lifetime": {"read": "jwt exp", "pattern": "epoch_s"}}
        case "refreshed":
            del step["send"], step["renew_when"]
            step |= {
                "address": f"{LOGIN}/oauth", "body": "form", "send": {"grant_type": "client"},
                "request": {"Authorization": {"in": "header", "basic": user, "at": "15"}},
                "read": {"access": ["body access_token"], "scope": ["body scope"]},
                "lifetime": {"read": "body expires_in", "unit": "s"},
            }  # fmt: skip
            present["value"] = "Bearer {step.session.access}"
        case "rotated":
            step |= {
                "read": {"access": ["body token"], "refresh": ["body again"]},
                "renew": {"address": "/renewed", "send": {"again": "step.session.refresh"}},
            }
            present["value"] = "Bearer {step.session.access}"
    tree["auth"] = {"steps": steps, "present": {name: present}}


def _harvest(operation: Tree, choice: Choice) -> None:
    window: Tree = {"field": "on"}
    if choice["harvest"] == "period":
        window = {"from": "from", "to": "to", "to_is": "included", "step": "P7D"}
    each = {"argument": "meter"}
    operation["harvest"] = {"each": each, "window": window, "key": "number", "at": "18"}


def _limit(tree: Tree, choice: Choice) -> None:
    limits: Mapping[str, Tree] = {
        "rate": {"kind": "rate", "requests": "2", "per": "PT1S"},
        "concurrency": {"kind": "concurrency", "at_most": "2", "operations": ["ask"]},
        "spacing": {
            "kind": "spacing", "wait": "PT1S", "after": "reply", "same": "meter_number",
            "operations": ["ask"],
        },
        "same": {
            "kind": "rate", "requests": "2", "per": "PT1S", "same": ["meter_number"],
            "operations": ["ask"],
        },
        "same_all": {
            "kind": "rate", "requests": "2", "per": "PT1S", "same": "*", "operations": ["ask"],
        },
        "history": {"kind": "history", "from": "from", "at_most": "P24M", "operations": ["ask"]},
        "penalty": {"kind": "rate", "requests": "2", "per": "PT1S", "penalty": "PT10M"},
        "closed_hours": {"kind": "closed_hours", "weekly": "sunday 01:00-03:00"},
        "quota": {"kind": "quota", "requests": "100", "each": "day", "resets": "09:00"},
        "batch": {"kind": "batch", "field": "ids", "at_most": "2", "operations": ["ask"]},
        "period": {
            "kind": "period", "from": "from", "to": "to", "at_most": "P31D", "operations": ["ask"],
        },
    }  # fmt: skip
    if choice["limit"] in limits:
        tree["limits"]["pace"] = {**limits[choice["limit"]], "en": "a limit", "at": "17"}
    if choice["limit"] == "penalty":
        told = {"error": "limit", "breaks": "pace", "en": "shut out", "at": "17"}
        tree["statuses"] = {**tree["statuses"], "429": told}


def _soap(tree: Tree, choice: Choice) -> None:
    tree["soap"] = {
        "namespace": "urn:example:pairs",
        "header": {"element": "head", "at": "18"},
        "fields": {"id": {"with": "uuid", "name": "request_id", "type": "text", "at": "18"}},
        "at": "18",
    }
    operation = tree["operations"]["ask"]
    operation["reply"]["root"] = {"element": "answer", "at": "10"}


def _share_address(tree: Tree, operation: Tree) -> None:
    """Add an operation of the same method and address, which a value of the request tells apart."""
    other = deepcopy(operation)
    if operation.get("protocol") == "soap11":
        other["body"]["root"]["element"] = "otherQuestion"
    else:
        for one, value in ((operation, "ask"), (other, "other")):
            sort = {"name": "sort", "value": value, "at": "3"}
            one["request"] = {"sort": sort, **one.get("request", {})}
    other["wire_name"] = "other"
    if "paging" in other:
        other["paging"]["name"] = "iter_others"
    if "reconcile" in other:
        other["reconcile"]["name"] = "find_others"
    tree["operations"] = {"ask": operation, "ask_other": other, **tree["operations"]}


def _search(tree: Tree, operation: Tree) -> None:
    """Add the operation that finds what a write left behind."""
    records = tree["records"]
    records["Rows"] = _record("rows", {
        "begin": _text("begin_row", 19, type="integer", required="M"),
        "end": _text("end_row", 19, type="integer", required="M"),
    })  # fmt: skip
    customer = {"customer": _text("customer_number", 19, required="M", size="12")}
    records["Criteria"] = _record("criteria", customer)
    records["Search"] = _record("a search", {
        "rows": _text("rows", 19, type="record", of="Rows", required="M"),
        "criteria": _text("criteria", 19, type="record", of="Criteria", required="M"),
    })  # fmt: skip
    records["Stored"] = _record("what is stored", {"id": _text("id", 19), **customer})
    records["Found"] = _record("what was found", {
        "total": _text("total", 19, type="integer"),
        "stored": _text("stored", 19, type="list", of="Stored"),
    })  # fmt: skip
    tree["operations"]["find"] = {
        "wire_name": "find", "en": "search", "kind": "read", "at": "19", "method": "POST",
        "address": {"text": "/find", "at": "19"}, "formats": ["json"], "request_media": "json",
        "body": {"of": "Search", "at": "19"}, "reply": {"of": "Found"},
        "paging": {
            "begin": "rows.begin", "end": "rows.end", "total": "total", "records": "stored",
            "key": "id", "name": "iter_found", "at": "19",
        },
    }  # fmt: skip
    operation["reconcile"] = {
        "search": "find", "name": "find_saved", "by": ["customer"], "en": "search",
        "at": "19",
    }  # fmt: skip
