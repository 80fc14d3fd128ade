"""The axes of an operation and their forms, and which two forms cannot stand in one operation.

What cannot mean anything is refused by the table of laws. What is listed here beside it excludes
each other by what the words mean: a path parameter is never left out, a reply that is nothing is
in no other format.
"""

from collections.abc import Mapping

from gridwright.laws import LAWS

__all__ = ["AXES", "can_stand_together"]

AXES: Mapping[str, tuple[str, ...]] = {
    "place": ("query", "path", "header", "cookie", "form", "body"),
    "source": (
        "argument", "constant", "by_default", "credential", "basic", "step", "uuid", "option",
        "format_word",
    ),
    "method": ("usual", "PUT", "PATCH"),
    "encoding": (
        "none", "json", "xml", "form", "multipart_form", "text", "file", "soap", "soap_alone",
    ),
    "body": ("none", "record", "arguments", "parts", "value"),
    "format": ("json", "xml", "both", "csv", "csv_too", "jsonl", "text", "file", "none"),
    "path": ("root", "under_1", "under_3", "envelope", "named"),
    "shape": ("record", "list", "list_at_root", "value", "file", "none"),
    "layout": ("objects", "arrays", "named", "columns", "keyed"),
    "beside": ("none", "message", "header", "block"),
    "packing": ("none", "gzip", "zip", "zip_of_many"),
    "verdict": (
        "none", "root", "element", "in_list", "kinds", "statuses", "case", "gateway",
    ),
    "items": ("plain", "judged"),
    "partial": ("none", "said"),
    "access": (
        "open", "key", "key_or_none", "basic", "session", "elsewhere", "two_steps", "refreshed",
        "rotated", "jwt", "wss_text", "wss_digest", "certificate",
    ),
    "limit": (
        "none", "rate", "concurrency", "spacing", "closed_hours", "period", "batch",
        "quota", "same", "same_all", "penalty", "history",
    ),
    "paging": ("none", "rows", "page", "offset", "token", "link"),
    "time": (
        "none", "date", "minute", "seconds", "instant", "month", "time", "day_of_month",
        "duration", "hours", "marked", "zoned", "epoch", "signs",
    ),
    "record": (
        "plain", "nested", "open", "filler", "variants", "rules", "series", "numbered", "instant",
        "positions", "between", "paired", "monthly", "measured", "sited", "quartered",
        "attachments", "file", "files", "boolean", "attributes", "contained", "anything",
    ),
    "midnight": ("unsaid", "ends_day", "begins_day"),
    "echo": ("none", "said", "listed"),
    "missing": ("empty", "words"),
    "facts": ("none", "said"),
    "in_json": ("usual", "otherwise"),
    "wire": ("ascii", "dotted", "hyphen", "native", "undocumented"),
    "kind": ("read", "write", "reconcile"),
    "success": ("usual", "201"),
    "address": ("own", "shared"),
    "wire_name": ("printed", "left_out"),
    "list": ("none", "repeated", "joined"),
    "harvest": ("none", "day", "period"),
    "namespace": ("none", "several"),
}  # fmt: skip

_PAGED = ("rows", "page", "offset", "token", "link")
_MESSAGES = ("json", "xml", "both", "csv", "csv_too", "jsonl", "text")
_ALONE = ("csv", "csv_too", "jsonl", "text")
_SOAP = ("soap", "soap_alone")
_WITH_RECORDS = ("nested", "filler", "positions", "sited", "contained")
"""Forms of records whose fields hold others."""

_UNLABELLED = tuple(
    form for form in AXES["record"] if form not in ("instant", "sited", "quartered")
)
"""Forms of records of which no value has a label that marks the end."""

# How the forms of the axes are called where laws speak of them.
_LAWFUL: Mapping[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("place", "query"): (("place", "query"),),
    ("place", "cookie"): (("place", "cookie"),),
    ("place", "form"): (("place", "form"), ("body", "some")),
    ("place", "body"): (("place", "body"), ("body", "some")),
    ("method", "PUT"): (("method", "PUT"),),
    ("method", "PATCH"): (("method", "PATCH"),),
    ("encoding", "none"): (("encoding", "none"), ("protocol", "http")),
    ("encoding", "json"): (("encoding", "json"), ("protocol", "http"), ("body", "some")),
    ("encoding", "xml"): (
        ("encoding", "xml"), ("protocol", "http"), ("body", "some"), ("sent as", "xml"),
    ),
    ("encoding", "form"): (
        ("encoding", "form"), ("protocol", "http"), ("body", "some"), ("sent as", "form"),
    ),
    ("encoding", "multipart_form"): (
        ("encoding", "multipart_form"), ("protocol", "http"), ("body", "some"),
        ("sent as", "multipart_form"),
    ),
    ("encoding", "soap"): (
        ("encoding", "multipart_related"), ("protocol", "soap11"), ("body", "some"),
        ("sent as", "multipart_related"),
    ),
    ("encoding", "soap_alone"): (
        ("encoding", "xml"), ("protocol", "soap11"), ("body", "some"), ("envelope", "alone"),
        ("sent as", "xml"),
    ),
    ("encoding", "text"): (("encoding", "text"), ("protocol", "http"), ("body", "some")),
    ("encoding", "file"): (("encoding", "file"), ("protocol", "http"), ("body", "some")),
    ("body", "value"): (("body", "some"), ("kind of body", "value")),
    ("body", "none"): (("body", "none"),),
    ("body", "record"): (("body", "some"), ("kind of body", "record")),
    ("body", "arguments"): (("body", "some"), ("sent", "record")),
    ("body", "parts"): (("body", "some"), ("kind of body", "parts")),
    ("format", "json"): (("format", "json"), ("xml", "none")),
    ("format", "both"): (("format", "json"), ("format", "xml"), ("received as", "xml")),
    ("format", "csv"): (("format", "csv"), ("xml", "none"), ("received as", "csv")),
    ("format", "csv_too"): (
        ("format", "csv"), ("format", "json"), ("xml", "none"), ("received as", "csv"),
    ),
    ("format", "jsonl"): (("format", "jsonl"), ("xml", "none")),
    ("format", "text"): (("format", "text"), ("xml", "none"), ("received as", "text")),
    ("format", "xml"): (("format", "xml"), ("received as", "xml")),
    ("format", "file"): (("format", "file"), ("shape", "file")),
    ("format", "none"): (("format", "none"), ("shape", "none")),
    ("shape", "record"): (("shape", "record"),),
    ("shape", "list"): (("shape", "list"),),
    ("shape", "list_at_root"): (("shape", "list"),),
    ("shape", "value"): (("shape", "value"),),
    ("shape", "file"): (("shape", "file"),),
    ("shape", "none"): (("shape", "none"),),
    ("packing", "gzip"): (("packing", "gzip"),),
    ("packing", "zip"): (("packing", "zip"),),
    ("packing", "zip_of_many"): (("packing", "zip_of_many"),),
    ("beside", "message"): (("beside", "message"), ("located", "received")),
    ("beside", "header"): (("beside", "header"),),
    ("beside", "block"): (("beside", "block"),),
    ("verdict", "root"): (("verdict", "some"), ("header", "json")),
    ("verdict", "element"): (("verdict", "some"), ("header", "json")),
    ("verdict", "kinds"): (("verdict", "some"), ("header", "json")),
    ("verdict", "in_list"): (("verdict", "some"), ("failure", "in list")),
    ("verdict", "case"): (("verdict", "some"),),
    ("verdict", "gateway"): (("verdict", "some"), ("header", "json")),
    ("items", "judged"): (("items", "judged"),),
    ("partial", "said"): (("partial", "some"),),
    **{("paging", form): (("paging", form),) for form in _PAGED},
    ("record", "nested"): (("sent", "record"),),
    ("record", "attributes"): (("attribute", "some"), ("located", "received")),
    ("record", "contained"): (("located", "received"),),
    ("namespace", "several"): (("attribute", "some"),),
    ("record", "anything"): (("sent", "any"), ("received", "any")),
    ("record", "open"): (("open", "sent"),),
    ("record", "variants"): (("variants", "some"),),
    ("record", "attachments"): (("attachments", "sent"),),
    ("record", "file"): (("sent", "bytes"),),
    ("record", "files"): (("sent", "bytes"),),
    ("kind", "read"): (("kind", "read"),),
    ("kind", "write"): (("kind", "write"),),
    ("kind", "reconcile"): (("kind", "write"), ("reconcile", "search")),
    ("harvest", "day"): (("harvest", "some"),),
    ("harvest", "period"): (("harvest", "some"),),
}  # fmt: skip

# Forms that exclude each other by what they mean: the second is one of several.
_APART: tuple[tuple[tuple[str, str], str, tuple[str, ...]], ...] = (
    # The token of WS-Security stands in the header of an envelope.
    *(
        (("access", form), "encoding", encodings)
        for form in ("wss_text", "wss_digest")
        for encodings in [("none", "json", "xml", "form", "multipart_form", "text", "file")]
    ),
    # One word says both that there is no message and what comes back: a file, or nothing.
    (("shape", "file"), "format", (*_MESSAGES, "none")),
    (("shape", "none"), "format", (*_MESSAGES, "file")),
    (("format", "file"), "shape", ("record", "list", "list_at_root", "value", "none")),
    (("format", "none"), "shape", ("record", "list", "list_at_root", "value", "file")),
    *(
        apart
        for word in ("file", "none")
        for apart in (
            (("shape", word), "path", ("under_1", "under_3", "envelope", "named")),
            (("shape", word), "record", ("attributes", "contained")),
            (("format", word), "record", ("attributes", "contained")),
            (("format", word), "packing", ("gzip", "zip", "zip_of_many")),
            (("shape", word), "packing", ("gzip", "zip", "zip_of_many")),
            (("shape", word), "kind", ("reconcile",)),
            (("format", word), "path", ("under_1", "under_3", "envelope", "named")),
            (("format", word), "source", ("format_word",)),
            (
                ("format", word),
                "verdict",
                ("root", "element", "kinds", "in_list", "case", "gateway"),
            ),
            (("format", word), "paging", _PAGED),
            (("format", word), "kind", ("reconcile",)),
        )
    ),
    # The payload that an envelope names is below an envelope.
    (("path", "envelope"), "verdict", ("none", "statuses", "in_list", "case")),
    # A list at the root of a deeper message is a list under a path.
    (("shape", "list_at_root"), "path", ("under_1", "under_3", "envelope", "named")),
    (("shape", "list_at_root"), "beside", ("message",)),
    (("shape", "list_at_root"), "verdict", ("root", "element", "kinds", "gateway")),
    # What the body holds is said by its encoding.
    (("encoding", "none"), "body", ("record", "arguments", "parts", "value")),
    (("encoding", "none"), "place", ("form", "body")),
    (
        ("body", "none"),
        "encoding",
        ("json", "xml", "form", "multipart_form", "text", "file", "soap", "soap_alone"),
    ),
    (("body", "none"), "place", ("form", "body")),
    (("place", "form"), "encoding", ("json", "xml", "text", "file", *_SOAP, "none")),
    (("place", "body"), "encoding", ("form", "multipart_form", "text", "file", *_SOAP, "none")),
    # The element of a SOAP message is the name of its operation.
    (("wire_name", "left_out"), "encoding", _SOAP),
    (("encoding", "soap"), "body", ("none", "arguments", "parts", "value")),
    (("encoding", "soap_alone"), "body", ("none", "arguments", "parts", "value")),
    (("encoding", "text"), "body", ("none", "record", "arguments", "parts")),
    (("encoding", "file"), "body", ("none", "record", "arguments", "parts")),
    # What is sent as a text or a file has no record.
    (("encoding", "text"), "record", ("open", "boolean", "nested", "anything")),
    (("encoding", "file"), "record", ("open", "boolean", "nested", "anything")),
    (("encoding", "soap"), "format", ("json", "both", *_ALONE, "file", "none")),
    (("encoding", "soap_alone"), "format", ("json", "both", *_ALONE, "file", "none")),
    # What has nothing around it says nothing of success, and stands in nothing.
    (("format", "csv"), "path", ("under_1", "under_3", "envelope", "named")),
    (("format", "jsonl"), "path", ("under_1", "under_3", "envelope", "named")),
    (("format", "text"), "path", ("under_1", "under_3", "envelope", "named")),
    *((("format", word), "paging", ("token",)) for word in _ALONE),
    *((("format", word), "record", ("attributes",)) for word in _ALONE),
    *((("format", word), "namespace", ("several",)) for word in (*_ALONE, "file", "none")),
    *((("shape", word), "namespace", ("several",)) for word in ("file", "none")),
    *((("format", word), "record", _WITH_RECORDS) for word in ("csv", "csv_too")),
    (("encoding", "soap"), "path", ("named",)),
    (("encoding", "soap_alone"), "path", ("named",)),
    (("body", "parts"), "place", ("query", "path", "header", "cookie")),
    (("body", "arguments"), "encoding", ("form", "multipart_form")),
    # The root of XML is named with the record of the body.
    (("body", "parts"), "encoding", ("xml",)),
    # What the client fills is not written by the caller.
    (("source", "format_word"), "place", ("path", "form", "body", "cookie")),
    (("source", "basic"), "place", ("path", "query", "cookie", "form", "body")),
    (
        ("source", "step"),
        "access",
        ("open", "key", "key_or_none", "basic", "wss_text", "wss_digest", "certificate"),
    ),
    # A name of a header, a cookie or a place of an address is ASCII.
    (("wire", "native"), "place", ("path", "header", "cookie")),
    (("wire", "dotted"), "place", ("path",)),
    (("wire", "hyphen"), "place", ("path",)),
    (("wire", "undocumented"), "place", ("path", "header", "cookie")),
    # Records have what records have.
    (("record", "open"), "encoding", ("none", "soap", "soap_alone")),
    (("record", "open"), "body", ("none", "parts")),
    (("record", "open"), "format", ("xml", "both", "csv", "csv_too", "file", "none")),
    (("record", "file"), "encoding", ("none", "json", "xml", "form", "text", "file", *_SOAP)),
    (("record", "file"), "body", ("none", "arguments", "parts", "value")),
    (("record", "files"), "encoding", ("none", "json", "xml", "form", "text", "file", *_SOAP)),
    (("record", "files"), "body", ("none", "arguments", "parts", "value")),
    (
        ("record", "attachments"),
        "encoding",
        ("none", "json", "xml", "form", "multipart_form", "text", "file"),
    ),
    (("record", "nested"), "shape", ("value", "file", "none")),
    (("record", "attributes"), "shape", ("value",)),
    (("record", "contained"), "shape", ("value",)),
    (("record", "filler"), "shape", ("value", "file", "none")),
    (("record", "variants"), "shape", ("value", "file", "none")),
    (("record", "series"), "shape", ("value", "file", "none")),
    (("record", "numbered"), "shape", ("value", "file", "none")),
    (("record", "instant"), "shape", ("value", "file", "none")),
    (("record", "positions"), "shape", ("value", "file", "none")),
    *(
        apart
        for form in ("between", "paired", "monthly", "quartered")
        for apart in (
            (("record", form), "shape", ("value", "file", "none")),
            (("record", form), "format", ("file", "none")),
        )
    ),
    (("record", "measured"), "shape", ("value", "file", "none")),
    (("record", "sited"), "shape", ("value", "file", "none")),
    (("record", "sited"), "format", ("file", "none")),
    (("record", "measured"), "format", ("file", "none")),
    (("record", "positions"), "format", ("file", "none")),
    (("record", "series"), "format", ("file", "none")),
    (("record", "numbered"), "format", ("file", "none")),
    (("record", "instant"), "format", ("file", "none")),
    (("record", "nested"), "format", ("file", "none")),
    (("record", "filler"), "format", ("file", "none")),
    (("record", "variants"), "format", ("file", "none")),
    (("time", "instant"), "record", ("series", "instant", "measured", "quartered")),
    # Which midnight 00:00 means is said of labels that mark the end.
    *(
        apart
        for form in ("ends_day", "begins_day")
        for apart in (
            (("midnight", form), "record", _UNLABELLED),
            (("midnight", form), "shape", ("value", "file", "none")),
            (("midnight", form), "format", ("file", "none")),
        )
    ),
    # What says again what was asked stands in a message.
    *(
        apart
        for form in ("said", "listed")
        for apart in (
            (("echo", form), "shape", ("file", "none")),
            (("echo", form), "format", ("file", "none")),
        )
    ),
    (("echo", "listed"), "list", ("none",)),
    (("missing", "words"), "shape", ("file", "none")),
    (("missing", "words"), "format", ("file", "none")),
    # What JSON lays out otherwise is a list in JSON.
    *(
        apart
        for form in ("arrays", "named", "columns", "keyed")
        for apart in (
            (("layout", form), "format", ("xml", "both", "csv", "jsonl", "text", "file", "none")),
            (("layout", form), "shape", ("record", "value", "file", "none")),
            (("layout", form), "path", ("named",)),
            (("layout", form), "record", ("attributes", "contained", "variants")),
            (("layout", form), "verdict", ("in_list",)),
            (("layout", form), "encoding", ("soap", "soap_alone")),
        )
    ),
    # What names columns stands beside the list.
    (("layout", "named"), "shape", ("list_at_root",)),
    # Items are those of a list.
    (("items", "judged"), "shape", ("record", "value", "file", "none")),
    (("items", "judged"), "format", ("text", "file", "none")),
    # Failures stand beside data in a message.
    (("partial", "said"), "shape", ("list_at_root", "file", "none")),
    (("partial", "said"), "format", ("csv", "jsonl", "text", "file", "none")),
    # A walk goes over records.
    *((("paging", form), "shape", ("value", "file", "none")) for form in _PAGED),
    *((("paging", form), "kind", ("write", "reconcile")) for form in _PAGED),
    # What stands beside a list has no place beside one at the root.
    (("paging", "token"), "shape", ("list_at_root",)),
    # The token stands in a container, which a SOAP message has no element for.
    (("paging", "token"), "encoding", ("soap", "soap_alone")),
    (("paging", "token"), "packing", ("zip_of_many",)),
    (("kind", "reconcile"), "shape", ("value", "file", "none")),
    (("packing", "zip_of_many"), "shape", ("value",)),
    (("packing", "zip_of_many"), "record", ("attachments",)),
    (("kind", "reconcile"), "body", ("none", "parts", "value")),
    (("kind", "reconcile"), "encoding", ("none", "form", "multipart_form", "text", "file", *_SOAP)),
)


def can_stand_together(first: tuple[str, str], second: tuple[str, str]) -> bool:
    """Say whether two forms of different axes can stand in one operation."""
    for form, axis, names in _APART:
        for one, other in ((first, second), (second, first)):
            if one == form and other[0] == axis and other[1] in names:
                return False
    return all(
        is_lawful(one, other) for one in _LAWFUL.get(first, ()) for other in _LAWFUL.get(second, ())
    )


def is_lawful(first: tuple[str, str], second: tuple[str, str]) -> bool:
    """Say whether two forms, each an axis and a name, go together."""
    return not any(
        one[0] == law.first[0]
        and one[1] in law.first[1]
        and other[0] == law.second[0]
        and other[1] in law.second[1]
        for law in LAWS
        for one, other in ((first, second), (second, first))
    )
