"""Find everything that is wrong with a request before it is sent."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec.structs import replace

from ..encodings.wire_texts import carries_xml, fault_in, texts_of
from ..encodings.xml import is_name
from ..errors import UndocumentedNameError
from ..interface import Operation, Part, Provisional
from ..multipart.attachment import Attachment
from ..multipart.file_names import refused_character
from ..multipart.upload import Upload
from ..problems import Problem, refusals
from ..record import Record
from ..redact import printable
from ..sending.loopback import is_loopback
from ..texts.encoders import Unencodable
from .build_plan import BuildPlan

__all__ = [
    "attachment_problems",
    "form_problems",
    "identity_problems",
    "mark_misplaced",
    "name_problems",
    "problem_at",
    "request_problems",
    "undocumented_names",
    "unwritable",
]


def mark_misplaced(plan: BuildPlan, tree: dict[str, object]) -> None:
    """Replace the arguments that cannot stand in their places, for the check to report."""
    for key, part in plan.arguments:
        value = tree.get(key)
        if isinstance(value, str):
            if part.place != "query" or not value.isascii():
                tree[key] = _check_place(part, value)
        elif isinstance(value, list):
            tree[key] = [_check_place(part, item) for item in value]
            if part.join:
                tree[key] = [_joinable(part, item) for item in tree[key]]  # type: ignore[attr-defined]  # it is a list
            elif part.place == "path":
                tree[key] = Unencodable("wrong-type", "is a list, and an address has no lists")
        elif value is None and part.place == "path":
            tree[key] = None  # for the check to report: an address has no gaps
        elif isinstance(value, Mapping):
            tree[key] = _check_place(part, value)


def request_problems(
    operation: Operation[Any], plan: BuildPlan, whole: Mapping[str, object]
) -> list[Problem]:
    """Return all problems of a request: those that the operation's check finds, and those that it
    cannot see.

    Args:
        operation: what is called.
        plan: of it.
        whole: the request as its check sees it.
    """
    problems = refusals(operation.request.check(whole, ""))
    if plan.unseen:
        problems = [problem for problem in problems if problem.wire not in plan.unseen]
    has_gaps = any(whole.get(key) is None for key in plan.path_keys)
    if not has_gaps and _is_usual(whole.values()):
        return problems
    problems += _blank_problems(operation, whole, problems)
    # A check that does not know the field must not hide that its value could not be written, and
    # an open record has fields that no check knows.
    reported = {problem.wire for problem in problems if problem.rule != "unknown-field"}
    for path, value in _unencodable(whole, ""):
        wire = _wire_of(path)
        if wire not in reported:
            problems.append(problem_at(plan, path, value.rule, value.message))
    reported.update(problem.wire for problem in problems)
    for key in plan.path_keys:
        if whole.get(key) is None and key not in reported:
            message = "is required, being part of the address"
            problems.append(problem_at(plan, key, "required", message))
    return problems


def identity_problems(plan: BuildPlan, identity: object) -> list[Problem]:
    """Return the problems of the identifier of a call."""
    part = plan.identity
    if part is None or (identity == "" and part.optional):
        return []
    message = "must be a text without control characters, best a UUID"
    if isinstance(identity, str) and identity.isprintable() and identity.strip():
        fault = fault_in(part.place, identity)
        if fault is None:
            return []
        message = fault[1]
    return [Problem(path="transaction_id", wire=part.wire, rule="not-text", message=message)]


def unwritable(plan: BuildPlan, tree: Mapping[str, object], rule: str, message: str) -> Problem:
    """Return the problem of a body that could not be written, at the value that is to blame."""
    found = next(_broken(tree, ""), "")
    return problem_at(plan, found, rule, message)


def form_problems(plan: BuildPlan, tree: Mapping[str, object]) -> list[Problem]:
    """Return the items of lists in a form that would be lost, or stand as several.

    Args:
        plan: of the operation.
        tree: the body.
    """
    message = "is nothing, or a list in a list, which no form can tell"
    return [
        problem_at(plan, f"{name}[{index}]", "wrong-type", message)
        for name, value in tree.items()
        if isinstance(value, list)
        for index, item in enumerate(value)
        if item is None or isinstance(item, list)
    ]


def name_problems(plan: BuildPlan, tree: object, path: str = "") -> list[Problem]:
    """Return the names in a body that no element of XML can have, and lists right in lists.

    Args:
        plan: of the operation.
        tree: the body.
        path: wire names that lead to it.
    """
    message = "has a name that no element of XML can have"
    found = [problem_at(plan, at, "wrong-type", message) for at in _odd_names(tree, path)]
    message = "is a list in a list, which XML cannot tell from its items"
    return found + [problem_at(plan, at, "wrong-type", message) for at in _inner_lists(tree, path)]


def attachment_problems(
    operation: Operation[Any], attachments: Sequence[Attachment]
) -> list[Problem]:
    """Return what is wrong with the further parts of a request."""
    if attachments and not operation.request.attachments:
        return [_problem("attachments", "forbidden", "this operation takes none")]
    problems: list[Problem] = []
    known: set[str] = set()
    for index, item in enumerate(attachments):
        faults = [*_attachment_faults(item)]
        if not faults and item.content_id in known:
            faults.append(("repeated-field", "has the content_id of another one"))
        elif not faults and item.content_id:
            known.add(item.content_id)
        problems += [_problem(f"attachments[{index}]", rule, message) for rule, message in faults]
    return problems


def undocumented_names(
    operation: Operation[Any], arguments: Record, base_url: str
) -> UndocumentedNameError | None:
    """Return the error for names that only a mock knows; None where all is well.

    A provisional name may go to this machine alone.
    """
    soap = operation.soap.provisional if operation.soap else ()
    if not operation.request.provisional and not soap:
        return None
    host = urlsplit(base_url).hostname or ""
    if is_loopback(host):
        return None
    carried = [
        item
        for item in operation.request.provisional
        if _is_carried(arguments, item.path.replace("[]", "").split("."))
    ]
    problems = [_undocumented(item) for item in (*carried, *soap)]
    return UndocumentedNameError(operation.call, host, problems) if problems else None


def _check_place(part: Part, value: object) -> object:
    """Return an argument, or why it cannot stand in its place."""
    if isinstance(value, Mapping) and part.place != "body":
        try:
            [text] = texts_of(value)
        except UnicodeEncodeError:
            return Unencodable("control-character", "holds half a character")
        except TypeError:
            return value  # it holds what cannot be written, for the check to report
    elif isinstance(value, str):
        text = value
    else:
        return value
    fault = fault_in(part.place, text)
    return value if fault is None else Unencodable(*fault)


def _joinable(part: Part, item: object) -> object:
    """Return an item of a list that is joined, or why no service could tell it from others."""
    if item == "" or item is None:
        return Unencodable("not-text", "is empty, which a joined list cannot tell")
    if isinstance(item, Unencodable):
        return item
    [text] = texts_of(item)
    # Where the sign has several letters, the end of an item may be the beginning of it.
    if f"{text}{part.join}".index(part.join) != len(text):
        return Unencodable("not-text", "holds what stands between the items of the list")
    return item


def _is_usual(values: Iterable[object]) -> bool:
    """Say whether all values can be written and none is a text of blanks alone."""
    for value in values:
        kind = type(value)
        if kind is str:
            if value.isspace():  # type: ignore[attr-defined]  # it is a text
                return False
        elif kind is list:
            if not _is_usual(value):  # type: ignore[arg-type]
                return False
        elif kind is dict:
            if not _is_usual(value.values()):  # type: ignore[attr-defined]
                return False
        elif kind not in _WRITABLE:
            return False
    return True


def _blank_problems(
    operation: Operation[Any], whole: Mapping[str, object], known: Sequence[Problem]
) -> list[Problem]:
    """Return the texts that hold nothing but blanks.

    Schemas, which validators follow, take blanks for a text, and so do replies. Nobody who leaves
    a field blank means to send blanks, which some services store. What a document does not name,
    in an open record, is the caller's.
    """
    emptied = _with_blanks_as("", whole)
    if emptied == whole:
        return []
    required = [
        replace(problem, message="is required, and holds nothing but blanks")
        for problem in operation.request.check(emptied, "")
        if problem.rule == "required"
    ]
    # Every field that is a text objects to a control character, with its label and line.
    others = [
        replace(problem, rule="not-text", message="holds nothing but blanks: leave it out")
        for problem in operation.request.check(_with_blanks_as("\x00", whole), "")
        if problem.rule == "control-character"
    ]
    reported = {problem.path for problem in known}
    found = {problem.path: problem for problem in (*others, *required)}
    return [problem for path, problem in found.items() if path not in reported]


def _with_blanks_as(text: str, value: Any) -> Any:
    if isinstance(value, str):
        return text if value.isspace() else value
    if isinstance(value, Mapping):
        return {name: _with_blanks_as(text, item) for name, item in value.items()}
    if isinstance(value, list):
        return [_with_blanks_as(text, item) for item in value]
    return value


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


def _broken(value: object, path: str) -> Iterator[str]:
    """Yield the paths of texts that cannot be written."""
    if isinstance(value, str):
        if not carries_xml(value):
            yield path
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _broken(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _broken(item, f"{path}[{index}]")


def _odd_names(value: object, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            below = f"{path}.{name}" if path else name
            if not is_name(name):
                yield printable(below, 60)
            yield from _odd_names(item, below)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _odd_names(item, f"{path}[{index}]")


def _inner_lists(value: object, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _inner_lists(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, list):
                yield f"{path}[{index}]"
            else:
                yield from _inner_lists(item, f"{path}[{index}]")


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
    elif not item.content_type.isascii() or not re.fullmatch(_CONTENT_ID, item.content_id):
        yield "not-text", "must have a type in ASCII, and a content_id without blanks and brackets"
    try:
        if isinstance(item.content, Path):
            item.content.open("rb").close()
        elif not isinstance(item.content, bytes):
            yield "wrong-type", "must hold bytes or a path"
    except OSError as error:
        yield "unreadable", f"is a file that cannot be read: {error.strerror}"


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


def problem_at(plan: BuildPlan, path: str, rule: str, message: str) -> Problem:
    """Return a problem at a path of wire names; an argument goes by its Python name."""
    head, mark, rest = path.partition(".")
    if path[:1] == ".":
        head, mark, rest = ".", "", path[1:]  # the value that is the whole body
    named = plan.names.get(head)
    shown = path if named is None else f"{named}{mark}{rest}"
    return Problem(path=shown, wire=_wire_of(path), rule=rule, message=message)


def _wire_of(path: str) -> str:
    return path.rpartition(".")[2].partition("[")[0] or path[:1]


def _problem(path: str, rule: str, message: str) -> Problem:
    return Problem(path=path, wire="", rule=rule, message=message)


_WRITABLE = frozenset({str, int, Decimal, bool, type(None), Upload})
_CONTENT_ID = r"[!-;=?-~]*"
