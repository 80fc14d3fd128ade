"""Build the request of a service, checked whole. Never sends it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from ..encoders import Unencodable
from ..errors import InvalidRequestError, UndocumentedNameError, UploadError
from ..loopback import is_loopback
from ..message import Hidden, HttpRequest, Stream
from ..problems import Problem, refusals
from ..record import Record
from ..write_body import json_body, wire_tree
from .attachment import Attachment
from .file_names import refused_character
from .operation import Provisional, ServiceOperation
from .personal import personal_texts
from .upload import Progress

__all__ = ["build_service_request"]


def build_service_request(
    operation: ServiceOperation[Any],
    payload: Record,
    *,
    base_url: str,
    header: Mapping[str, str] | None = None,
    attachments: Sequence[Attachment] = (),
    progress: Progress | None = None,
    new_boundary: Callable[[], str],
    secrets: Sequence[str] = (),
) -> HttpRequest:
    """Build a request, or report everything that is wrong with it.

    Args:
        operation: what is called.
        payload: what the caller gives.
        base_url: scheme, host, port and possibly a path.
        header: the fields of the SOAP header by wire name, where there is one.
        attachments: further parts.
        progress: is told how far the sending of files has come.
        new_boundary: makes what stands between the parts of a body.
        secrets: what no text may show, beside the personal values of the payload.

    Raises:
        InvalidRequestError: the payload breaks the document's rules; all problems are listed.
        UndocumentedNameError: it holds what the document does not name, and the address is not
            one of this machine.
        UploadError: the file of an attachment is gone.
    """
    tree = _tree(operation, payload)
    # Walked through twice, which a generator is not.
    attachments = tuple(attachments) if isinstance(attachments, Iterable) else (attachments,)
    problems = refusals(_problems(operation, tree)) + _attachment_problems(operation, attachments)
    if problems:
        tree.clear()  # tools that print the variables of a traceback find no value here
        raise InvalidRequestError(operation.call, problems)
    _refuse_provisional(operation, payload, base_url)
    placed = {wire: tree.pop(wire) for wire in operation.request.places if wire in tree}
    headers, body = _content(operation, tree, header or {}, attachments, progress, new_boundary)
    places = operation.request.places
    address = base_url.rstrip("/") + operation.path
    in_path = {w: _plain(v) for w, v in placed.items() if places[w] == "path"}
    return HttpRequest(
        method=operation.method,
        url=_filled(address, in_path) if in_path else address,
        safe_url=address,
        query=tuple((w, _plain(v)) for w, v in placed.items() if places[w] == "query"),
        headers=(
            *headers,
            *((w, _plain(v)) for w, v in placed.items() if places[w] == "header"),
        ),
        body=body,
        sensitive=Hidden((*dict.fromkeys(personal_texts(payload)), *secrets)),
    )


def _tree(operation: ServiceOperation[Any], payload: Record) -> dict[str, object]:
    model = operation.request.model
    if not isinstance(payload, model):
        kind = type(payload).__name__
        problem = Problem(
            path="", wire="", rule="wrong-type", message=f"must be {model.__name__}, not {kind}"
        )
        raise InvalidRequestError(operation.call, [problem])
    tree = wire_tree(payload, "omit")
    for wire, place in operation.request.places.items():
        value = tree.get(wire)
        if place == "path" and value in ("", ".", ".."):
            tree[wire] = Unencodable("not-text", "would lead to another address")
        elif place == "path" and value is None:
            tree[wire] = None  # for the check to report: an address has no gaps
        elif place == "header" and isinstance(value, str) and not _FIELD.fullmatch(value):
            tree[wire] = Unencodable("not-text", "must be printable ASCII without outer blanks")
    return tree


def _problems(operation: ServiceOperation[Any], tree: Mapping[str, object]) -> list[Problem]:
    problems = operation.request.check(tree, "")
    # A check that does not know the field must not hide that its value could not be written, and
    # an open record has fields that no check knows.
    reported = {problem.wire for problem in problems if problem.rule != "unknown-field"}
    unencodable = () if _WRITABLE.issuperset(map(type, tree.values())) else _unencodable(tree, "")
    for path, value in unencodable:
        wire = path.rpartition(".")[2].partition("[")[0]
        if wire not in reported:
            problems.append(Problem(path=path, wire=wire, rule=value.rule, message=value.message))
    reported.update(problem.wire for problem in problems)
    for wire, place in operation.request.places.items():
        if place == "path" and tree.get(wire) is None and wire not in reported:
            message = "is required, being part of the address"
            problems.append(Problem(path=wire, wire=wire, rule="required", message=message))
    return problems


def _unencodable(value: object, path: str) -> Iterator[tuple[str, Unencodable]]:
    if type(value) in _WRITABLE:
        return
    if isinstance(value, Unencodable):
        yield path, value
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _unencodable(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unencodable(item, f"{path}[{index}]")


def _attachment_problems(
    operation: ServiceOperation[Any], attachments: Sequence[Attachment]
) -> list[Problem]:
    if attachments and not operation.request.attachments:
        return [_about("attachments", "forbidden", "this operation takes none")]
    problems: list[Problem] = []
    known: set[str] = set()
    for index, item in enumerate(attachments):
        faults = [*_attachment_faults(item)]
        if not faults and item.content_id in known:
            faults.append(("repeated-field", "has the content_id of another one"))
        elif not faults and item.content_id:
            known.add(item.content_id)
        problems += [_about(f"attachments[{index}]", rule, message) for rule, message in faults]
    return problems


def _attachment_faults(item: object) -> Iterator[tuple[str, str]]:
    if not isinstance(item, Attachment):
        yield "wrong-type", "must be an Attachment, in a list of Attachment"
        return
    names = (item.content_type, item.content_id)
    if not item.content_type or not all(isinstance(n, str) and n.isprintable() for n in names):
        yield "control-character", "must have a type, and names without control characters"
    elif not isinstance(item.filename, str):
        yield "not-text", "has a filename that is not a text"
    elif refused := refused_character(item.filename):
        yield "control-character", f"has a filename with {refused}, which no name may have"
    elif not item.content_type.isascii() or not _CONTENT_ID.fullmatch(item.content_id):
        yield "not-text", "must have a type in ASCII, and a content_id without blanks and brackets"
    try:
        if isinstance(item.content, Path):
            item.content.open("rb").close()
        elif not isinstance(item.content, bytes):
            yield "wrong-type", "must hold bytes or a path"
    except OSError as error:
        yield "unreadable", f"is a file that cannot be read: {error.strerror}"


def _refuse_provisional(operation: ServiceOperation[Any], payload: Record, base_url: str) -> None:
    host = urlsplit(base_url).hostname or ""
    if is_loopback(host):
        return
    carried = [
        item
        for item in operation.request.provisional
        if _is_carried(payload, item.path.replace("[]", "").split("."))
    ]
    if operation.soap is not None:
        carried += operation.soap.provisional
    if carried:
        raise UndocumentedNameError(operation.call, host, [_undocumented(one) for one in carried])


def _is_carried(value: object, path: Sequence[str]) -> bool:
    if value is None:
        return False
    if isinstance(value, list | tuple):
        return any(_is_carried(item, path) for item in value)
    if not path:
        return True
    return _is_carried(getattr(value, path[0], None), path[1:])


def _undocumented(item: Provisional) -> Problem:
    return Problem(
        path=item.path,
        wire=item.wire,
        rule="undocumented-name",
        message="has no documented wire name",
        label=item.label,
        source=item.source,
    )


def _content(
    operation: ServiceOperation[Any],
    tree: dict[str, object],
    header: Mapping[str, str],
    attachments: Sequence[Attachment],
    progress: Progress | None,
    new_boundary: Callable[[], str],
) -> tuple[list[tuple[str, str]], bytes | Stream | None]:
    """Return headers and body; text is UTF-8 throughout, and so is what is asked for."""
    accept = [("Accept", "application/json"), ("Accept-Charset", "UTF-8")]
    match operation.request.media:
        case "none":
            return accept, None
        case "json":
            return [("Content-Type", "application/json"), *accept], json_body(tree)
        case "multipart_form":
            from .form import write_form  # few operations send files

            headers, body = write_form(tree, progress, new_boundary())
            return [*headers, *accept], body
        case "soap11":
            from .soap import write_soap  # slow to import

            try:
                return write_soap(operation, tree, header, attachments, new_boundary)
            except OSError as error:
                said = error.strerror
    # Not chained: the path may name a person.
    raise UploadError(f"{operation.call}: nothing was sent: an attachment cannot be read: {said}")


def _filled(address: str, values: Mapping[str, str]) -> str:
    # In one pass, so that no value is taken for a place.
    return re.sub(
        r"\{([^{}]+)\}",
        lambda found: quote(values[found[1]], safe="") if found[1] in values else found[0],
        address,
    )


def _plain(value: object) -> str:
    """Return a value as text, for an address or a header."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _about(path: str, rule: str, message: str) -> Problem:
    return Problem(path=path, wire="", rule=rule, message=message)


_CONTENT_ID = re.compile(r"[!-;=?-~]*")
_WRITABLE = frozenset({str, int, Decimal, bool, type(None)})
_FIELD = re.compile(r"[!-~](?:[ -~]*[!-~])?")
