"""The laws: pairs of forms that do not go together, and why.

Everything else is generated. The checks, their messages and the impossible pairs of the tests of
combinations are all made from this table; its review is the review of the language.
"""

from dataclasses import dataclass

__all__ = ["LAWS", "PAGING", "Law"]

PAGING = ("rows", "page", "offset", "token", "link", "whole")
"""All forms of a walk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One pair of parts that does not go together.

    Attributes:
        code: of the diagnostic.
        first: axis and names of the forms of one part.
        second: axis and names of the forms of the other.
        why: the reason, as the end of a sentence.
        instead: what to write, as YAML or as a clause that says which.
    """

    code: str
    first: tuple[str, tuple[str, ...]]
    second: tuple[str, tuple[str, ...]]
    why: str
    instead: str


LAWS = (
    Law(
        code="get-has-no-body",
        first=("method", ("GET",)),
        second=("body", ("some",)),
        why="a GET has no body: servers and proxies drop it",
        instead="`method: POST`, or `in: query` for what the body holds",
    ),
    Law(
        code="body-without-encoding",
        first=("encoding", ("none",)),
        second=("body", ("some",)),
        why="nothing says how the body is written",
        instead="`request_media: json`, or another",
    ),
    Law(
        code="encoding-without-body",
        first=(
            "encoding",
            ("json", "xml", "form", "multipart_form", "multipart_related", "text", "file"),
        ),
        second=("body", ("none",)),
        why="nothing travels in a body",
        instead="`body: {of: RECORD}`, fields with `in: body`, or no `request_media:`",
    ),
    Law(
        code="soap-is-xml",
        first=("protocol", ("soap11",)),
        second=("format", ("json", "csv", "jsonl", "text", "file", "none")),
        why="a SOAP message is XML",
        instead="`formats: [xml]`, or no `protocol:`",
    ),
    Law(
        code="soap-is-posted",
        first=("protocol", ("soap11",)),
        second=("method", ("GET", "PUT", "DELETE", "PATCH")),
        why="SOAP 1.1 messages are posted",
        instead="`method: POST`",
    ),
    Law(
        code="soap-has-its-own-body",
        first=("protocol", ("soap11",)),
        second=("encoding", ("none", "json", "form", "multipart_form", "text", "file")),
        why="a SOAP message is the body, alone or with attachments as further parts",
        instead="`request_media: xml`, or `multipart_related`",
    ),
    Law(
        code="soap-of-one-value",
        first=("protocol", ("soap11",)),
        second=("kind of body", ("value",)),
        why="a SOAP message holds elements, and a body that is one value has no names",
        instead="`of:` with a record, or no `protocol:`",
    ),
    Law(
        code="attachments-need-parts",
        first=("envelope", ("alone",)),
        second=("attachments", ("sent",)),
        why="an envelope that is the whole body has no further parts",
        instead="`request_media: multipart_related`",
    ),
    Law(
        code="soap-beside-parameters",
        first=("protocol", ("soap11",)),
        second=("place", ("query", "cookie", "form", "body", "part")),
        why="a SOAP message travels in a body alone",
        instead="the field in the record of the body, or in `soap.fields:`",
    ),
    Law(
        code="soap-names-all-items",
        first=("protocol", ("soap11",)),
        second=("open", ("sent", "received")),
        why="the schema of a SOAP message names every element",
        instead="the items as fields, with `wire: undocumented` where nobody names them",
    ),
    Law(
        code="soap-reply-has-elements",
        first=("protocol", ("soap11",)),
        second=("bare", ("value",)),
        why="the root of a SOAP message holds elements, and a value in it has no name",
        instead="`under:` with the element of the value, or `record:` with a field of its name",
    ),
    Law(
        code="related-parts-without-soap",
        first=("protocol", ("http",)),
        second=("encoding", ("multipart_related",)),
        why="multipart/related holds a message and what it refers to, which SOAP alone says",
        instead="`protocol: soap11`, or `request_media: multipart_form`",
    ),
    Law(
        code="attachments-without-soap",
        first=("protocol", ("http",)),
        second=("attachments", ("sent", "received")),
        why="attachments are further parts of a SOAP message",
        instead="a field of `type: binary` in a multipart form, or `protocol: soap11`",
    ),
    Law(
        code="form-holds-no-record",
        first=("encoding", ("form", "multipart_form")),
        second=("sent", ("record",)),
        why="the fields of a form are plain values",
        instead="`request_media: json`, or the fields of the record in the form itself",
    ),
    Law(
        code="bytes-need-a-form",
        first=("encoding", ("json", "xml", "form", "multipart_related", "text", "none")),
        second=("sent", ("bytes",)),
        why="bytes travel as the part of a form, or are the whole body",
        instead="`request_media: multipart_form` or `file`, or attachments of a SOAP message",
    ),
    Law(
        code="bytes-in-a-text",
        first=("format", ("json", "xml")),
        second=("received", ("bytes",)),
        why="JSON and XML hold texts",
        instead="`type: text`, for the text in which the bytes are written",
    ),
    Law(
        code="form-of-one-value",
        first=("encoding", ("form", "multipart_form")),
        second=("kind of body", ("value",)),
        why="what is in it has names, and a body that is one value has none",
        instead="`of:` with a record, or `request_media: json`",
    ),
    Law(
        code="text-or-file-with-names",
        first=("encoding", ("text", "file")),
        second=("kind of body", ("record", "parts")),
        why="a text or a file is the whole body, and has no names",
        instead="`body: {value: …}`, or `request_media: json`",
    ),
    Law(
        code="text-of-many-values",
        first=("encoding", ("text",)),
        second=("sent", ("record", "list", "any")),
        why="a text is one plain value",
        instead="`request_media: json`, or `type: text`",
    ),
    Law(
        code="file-of-no-bytes",
        first=("encoding", ("file",)),
        second=("sent", ("record", "list", "any", "plain")),
        why="a file is bytes as they are",
        instead="`type: binary`, `request_media: text` for a text, or `json`",
    ),
    Law(
        code="one-value-has-no-room",
        first=("kind of body", ("value",)),
        second=("place", ("body", "form", "part")),
        why="the value is the whole body, and nothing stands beside it",
        instead="`in: header` or `in: query`, or a body that is a record",
    ),
    Law(
        code="json-value-sent-otherwise",
        first=(
            "sent as",
            (
                "xml",
                "form",
                "multipart_form",
                "multipart_related",
                "path",
                "query",
                "header",
                "cookie",
                "soap_header",
            ),
        ),
        second=("sent", ("any",)),
        why="JSON alone tells a number from its text, and has lists and null",
        instead="`type: text`, a record with fields, or `request_media: json`",
    ),
    Law(
        code="json-value-received-otherwise",
        first=("received as", ("xml", "csv", "text", "header")),
        second=("received", ("any",)),
        why="JSON alone tells a number from its text, and has lists and null",
        instead="`type: text`, a record with fields, or an operation for each format",
    ),
    Law(
        code="table-is-a-list",
        first=("format", ("csv", "jsonl")),
        second=("shape", ("record", "value")),
        why="each row or line is a record, and there are any number of them",
        instead='`list: {element: "."}` at the reply, or another format',
    ),
    Law(
        code="text-is-a-value",
        first=("format", ("text",)),
        second=("shape", ("record", "list")),
        why="a text holds one value and no name",
        instead="`value:` at the reply, or another format",
    ),
    Law(
        code="text-or-json",
        first=("format", ("text",)),
        second=("root", ("value",)),
        why="a text and a value of JSON that is the whole body may look alike",
        instead="`formats: [text]`, or `under:` where the value has a name in JSON",
    ),
    Law(
        code="lines-or-json",
        first=("format", ("jsonl",)),
        second=("format", ("json",)),
        why="a line of JSON and a message in JSON may look alike",
        instead="the format that is asked for alone, or two operations",
    ),
    Law(
        code="table-holds-record",
        first=("format", ("csv",)),
        second=("received", ("record", "list")),
        why="a cell of a row holds one value",
        instead="a column for each value; many columns of one quantity are a `series:`",
    ),
    Law(
        code="table-has-no-containers",
        first=("format", ("csv",)),
        second=("located", ("received",)),
        why="a column stands in nothing, and nothing stands around a table",
        instead="the field under the name of its column, without `under:`; `in: header` beside "
        "the list",
    ),
    Law(
        code="rows-have-no-beside",
        first=("format", ("csv", "jsonl", "text")),
        second=("beside", ("message",)),
        why="nothing stands around rows, lines and texts",
        instead="`in: header` for what a header says, or another format",
    ),
    Law(
        code="rows-stand-alone",
        first=("message", ("none",)),
        second=("payload", ("within",)),
        why="nothing stands around rows, lines and texts",
        instead='`list: {element: "."}` without `under:`, or json or xml among the formats',
    ),
    Law(
        code="rows-name-no-page",
        first=("format", ("csv", "jsonl")),
        second=("paged by", ("message",)),
        why="nothing stands around rows, lines and texts",
        instead="`header NAME` for what a header says; without `total:` a walk ends with a page "
        "that is not full",
    ),
    Law(
        code="layout-without-json",
        first=("layout", ("some",)),
        second=("json", ("none",)),
        why="arrays, columns and objects with keys are of JSON, which is not offered",
        instead="the list without `layout:` and `keyed_by:`, or json among the formats",
    ),
    Law(
        code="layout-names-no-item",
        first=("layout", ("some",)),
        second=("item", ("json",)),
        why="arrays, columns and values of keys stand in the list itself",
        instead="`under:` for what is around the list, without `item:`",
    ),
    Law(
        code="layout-beside-xml",
        first=("layout", ("some",)),
        second=("format", ("xml",)),
        why="elements of XML have names, whatever JSON does",
        instead="an operation for each format",
    ),
    Law(
        code="value-has-no-forms",
        first=("shape", ("value", "file", "none")),
        second=("variants", ("some",)),
        why="its codes would decide, and it has none",
        instead="`record:` with `fields:`",
    ),
    Law(
        code="pages-need-records",
        first=("shape", ("value", "file", "none")),
        second=("paging", PAGING),
        why="a page holds records",
        instead="no `paging:`, or a reply with a list",
    ),
    Law(
        code="root-has-no-room",
        first=("root", ("list", "value")),
        second=("header", ("json",)),
        why="what is a list or a value at the root has nothing beside it in JSON",
        instead="`formats: [xml]` in the header, `under:` at the reply, or no envelope",
    ),
    Law(
        code="beside-without-list",
        first=("shape", ("record", "value", "file", "none")),
        second=("beside", ("message",)),
        why="what comes back has no list that something could stand beside",
        instead="a record with the values among its fields, with `under:` where they stand deeper; "
        "`in: header` for what a header says",
    ),
    Law(
        code="block-without-soap",
        first=("protocol", ("http",)),
        second=("beside", ("block",)),
        why="SOAP messages alone have a header of their own",
        instead="`in: header` for a header of HTTP, or `under:` for what is in the message",
    ),
    Law(
        code="root-holds-a-list-alone",
        first=("root", ("list",)),
        second=("beside", ("message",)),
        why="what is a list at the root has nothing beside it in JSON",
        instead="`in: header` for what a header says, `under:` at the reply, or `formats: [xml]`",
    ),
    Law(
        code="soap-is-not-packed",
        first=("protocol", ("soap11",)),
        second=("packing", ("gzip", "zip", "zip_of_many")),
        why="a SOAP message travels as it is, or as the first of several parts",
        instead="`attachments: yes` for what comes along, or no `protocol:`",
    ),
    Law(
        code="many-messages-are-one-list",
        first=("packing", ("zip_of_many",)),
        second=("shape", ("value",)),
        why="the messages of an archive come back as one list of records",
        instead="`record:` with `fields:`, or `packed: zip`",
    ),
    Law(
        code="many-messages-have-no-beside",
        first=("packing", ("zip_of_many",)),
        second=("beside", ("message", "header")),
        why="each message of an archive has values of its own",
        instead="one record a message, with a field of type `list` and the values beside it",
    ),
    Law(
        code="archive-is-not-walked",
        first=("packing", ("zip_of_many",)),
        second=("paging", PAGING),
        why="a page of an archive is a number of messages, and not of records",
        instead="no `paging:`, or `packed: zip`",
    ),
    Law(
        code="attribute-without-xml",
        first=("xml", ("none",)),
        second=("attribute", ("some",)),
        why="attributes, texts beside them and namespaces are of XML, which is not offered",
        instead="the name without `@`, or `xml` among the formats",
    ),
    Law(
        code="text-has-no-key",
        first=("format", ("json",)),
        second=("text", ("beside",)),
        why="only XML has a text beside attributes, and JSON a value under a key of its own",
        instead="`formats: [xml]`, a field with the name that JSON has for it, or `keyed_by:` with "
        "the field that the keys of the list are",
    ),
    Law(
        code="soap-names-all-elements",
        first=("protocol", ("soap11",)),
        second=("located", ("sent", "received")),
        why="the schema of a SOAP message has each field as an element of its record",
        instead="a record for each container, and elements for attributes",
    ),
    Law(
        code="sent-by-its-own-name",
        first=("body", ("some",)),
        second=("located", ("sent",)),
        why="what is sent is written as its records stand there",
        instead="a record for each container",
    ),
    Law(
        code="layout-sent-otherwise",
        first=("sent as", ("xml", "form", "multipart_form", "multipart_related", "text", "file")),
        second=("laid out", ("sent",)),
        why="arrays, columns and objects with keys are of JSON",
        instead="the list without `layout:` and `keyed_by:`, or `request_media: json`",
    ),
    Law(
        code="failure-without-list",
        first=("shape", ("record", "value", "file", "none")),
        second=("failure", ("in list",)),
        why="the failure stands inside of a list",
        instead="`list:` at the reply, or an envelope without `failure_in_list:`",
    ),
    Law(
        code="failure-or-items",
        first=("failure", ("in list",)),
        second=("items", ("judged",)),
        why="a failure stands either in the place of all items, or in each item that failed",
        instead="an envelope without `failure_in_list:`, or the list without `verdict:`",
    ),
    Law(
        code="failures-beside-nothing",
        first=("message", ("none",)),
        second=("partial", ("some",)),
        why="nothing stands around rows, lines, texts and files",
        instead="an envelope without `partial:`, for what comes in their place, or json or xml "
        "among the formats",
    ),
    Law(
        code="root-lists-no-failures",
        first=("root", ("list", "value")),
        second=("partial", ("some",)),
        why="what is a list or a value at the root has nothing beside it in JSON",
        instead="`under:` at the reply, `formats: [xml]`, or an envelope without `partial:`",
    ),
    Law(
        code="failures-in-list",
        first=("shape", ("list",)),
        second=("failures", ("in list",)),
        why="what stands in the list is its items",
        instead="`list: {verdict: ENVELOPE}`, for items that say it themselves",
    ),
    Law(
        code="rows-count-records",
        first=("paging", ("rows", "page", "offset")),
        second=("items", ("judged",)),
        why="such pages are counted by their records, and an item that failed is none",
        instead="the list without `verdict:`, so that the fields say which items failed, or no "
        "`paging:`",
    ),
    Law(
        code="nothing-says-nothing",
        first=("shape", ("file", "none")),
        second=("verdict", ("some",)),
        why="a file and what has no body say nothing of success",
        instead="`statuses:` for the failures, or a reply with a body",
    ),
    Law(
        code="write-is-not-walked",
        first=("kind", ("write",)),
        second=("paging", PAGING),
        why="walking repeats a call, and a write is never sent twice",
        instead="`kind: read`, or no `paging:`",
    ),
    Law(
        code="write-is-not-harvested",
        first=("kind", ("write",)),
        second=("harvest", ("some",)),
        why="a harvest repeats a call, and a write is never sent twice",
        instead="`kind: read`, or no `harvest:`",
    ),
    Law(
        code="harvest-of-no-records",
        first=("shape", ("value", "file", "none")),
        second=("harvest", ("some",)),
        why="a harvest makes tables of records",
        instead="no `harvest:`, or a reply with a record or a list",
    ),
    Law(
        code="read-leaves-nothing",
        first=("kind", ("read",)),
        second=("reconcile", ("search",)),
        why="a read leaves nothing behind that could be searched for",
        instead="`kind: write`, or no `reconcile:`",
    ),
)
