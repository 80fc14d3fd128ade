"""Methods of clients: one for each operation, and those that page and reconcile bring."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gridwright.analysis.naming import constant_name
from gridwright.ir import Field, Interface, ListType, Operation, Paging, RecordType
from gridwright.ir.words import PagingForm
from gridwright.output.escape import python_docstring
from gridwright.targets.calls.cuts import CutArguments, cuts_constant, resolve_cut
from gridwright.targets.calls.limits import client_limits
from gridwright.targets.calls.operations import has_provisional_names
from gridwright.targets.calls.paging import (
    USUAL_PAGE_SIZE,
    PageArguments,
    item_of,
    page_arguments,
    pages_constant,
)
from gridwright.targets.calls.parts import encodings
from gridwright.targets.calls.replies import WITHOUT_MESSAGE, payload_model, payload_of_reply
from gridwright.targets.calls.requests import RequestArguments, request_of
from gridwright.targets.calls.sources import INTERFACE
from gridwright.targets.expressions import (
    OWN,
    Call,
    Either,
    Expression,
    Function,
    Name,
    Subscript,
    call,
    dict_display,
)
from gridwright.targets.package.arguments import (
    NOTHING,
    MethodArgument,
    annotation_of,
    argument_of,
    described_arguments,
    ordered_fields,
)
from gridwright.targets.package.client_options import has_formats
from gridwright.targets.python import source_of

__all__ = ["Method", "describe_all_methods", "identity_of", "methods"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One method.

    Attributes:
        result: what it returns to threads.
        result_of_tasks: what it returns to tasks.
        call: what it returns the result of.
        waits: False: it makes an iterator, and tasks call it without waiting.
    """

    name: str
    arguments: tuple[MethodArgument, ...]
    result: Expression
    result_of_tasks: Expression
    docstring: str
    call: Call
    waits: bool = True


def methods(interface: Interface) -> Iterator[Method]:
    """Yield the methods of a client, in the document's order."""
    by_name = {operation.name: operation for operation in interface.operations}
    for operation in interface.operations:
        yield _call_method(interface, operation)
        if operation.paging is not None:
            yield _walk_method(interface, operation)
        reconcile = operation.reconcile
        search = by_name.get(reconcile.search) if reconcile and reconcile.name else None
        if search is not None and search.paging is not None:
            yield _find_method(interface, operation, search)


def describe_all_methods(interface: Interface) -> str:
    """Return what the docstring of a client says once about the arguments and errors of all."""
    several = [o for o in interface.operations if len(o.formats) > 1]
    formed = dict.fromkeys(_formed(operation) for operation in several)
    about = f"    format: form of {', or of '.join(formed)}.\n" if formed else ""
    limits = (
        "    LimitError: a limit does not let the call go.\n" if client_limits(interface) else ""
    )
    return (
        "Methods also take these, which count for one call in place of the client's own:\n"
        f"{about}"
        "    strict: raise DeviationError where the reply departs from the document.\n"
        "    timeout_seconds: longest wait in each phase.\n\n"
        "Methods raise, beside what some say themselves:\n"
        "    InvalidRequestError: the arguments break a rule; nothing was sent.\n"
        f"{limits}"
        "    ProviderError: the service refused.\n"
        "    TransportError: no reply came.\n"
        "    UnexpectedReplyError: the reply cannot be read."
    )


def identity_of(operation: Operation) -> str:
    """Return the name of the argument that identifies a call; empty: nothing does."""
    pairs = operation.envelope.pairs if operation.envelope else None
    return next((p.name for p in (pairs.fill if pairs else ()) if p.source == "uuid"), "")


def _call_method(interface: Interface, operation: Operation) -> Method:
    request = request_of(interface, operation)
    payload = payload_of_reply(interface, operation)
    arguments = [argument_of(field, request) for field in ordered_fields(request)]
    given = {argument.name: argument.passed for argument in arguments}
    docs = described_arguments(ordered_fields(request), request)
    named: dict[str, Expression] = {}
    if request.record.open:
        arguments.append(_OPEN)
        given["items"] = Name("items or {}")
        docs += (
            "    items: further items by wire name, as JSON has them; the document names none.\n"
        )
    for argument, keyword, about in _further(interface, operation):
        arguments.append(argument)
        named[keyword] = argument.passed
        docs += f"    {argument.name}: {about}\n" if about else ""
    if has_formats(interface) and len(operation.formats) == 1 and payload.shape in _OF_MESSAGES:
        named["format"] = operation.formats[0]
    kind, sends = (_REPLY, "self._list") if payload.is_list else (_RESULT, "self._record")
    result = Subscript(kind, (payload_model(payload),))
    beside = operation.reply.beside
    passed: tuple[Expression, ...] = ()
    if beside is not None:
        model = Name(f"models.{beside.name}", OWN)
        sends, passed = f"{sends}_beside", (model,)
        kind = _REPLY_BESIDE if payload.is_list else _RESULT_BESIDE
        result = Subscript(kind, (payload_model(payload), model))
    return Method(
        name=operation.name,
        arguments=tuple(arguments),
        result=result,
        result_of_tasks=result,
        docstring=_call_docstring(interface, operation, docs),
        call=call(
            Name(sends), _operation(operation), *passed, _request_record(request, given), **named
        ),
    )


def _further(
    interface: Interface, operation: Operation
) -> Iterator[tuple[MethodArgument, str, str]]:
    """Yield what a method takes beside the fields of its request, as what it is passed, and why.

    Of what all methods take the class says why.
    """
    if operation.body is not None and operation.body.attachments:
        kind = Subscript(
            _SEQUENCE, (Name("Attachment", "gridwright_runtime.multipart.attachment"),)
        )
        yield _argument("attachments", kind, ()), "attachments", "further parts of the message."
    if operation.reply.shape == "file":
        to = _argument("to", Name("Destination", "gridwright_runtime.sending.download"), None)
        yield to, "to", "where the file goes: a path, or a binary file open for writing."
    if operation.request_media in ("multipart_form", "file"):
        progress = Either((Name("Progress", "gridwright_runtime.multipart.upload"), NOTHING))
        about = "is told how many bytes have been sent, and how many there are."
        yield _argument("progress", progress, NOTHING), "progress", about
    if identity := identity_of(operation):
        kept = "what identifies the request; a new one when not given. To send a request again, "
        text = Either((Name("str"), NOTHING))
        yield _argument(identity, text, NOTHING), "identity", f"{kept}give the former one."
    if _can_be_overruled(interface, operation):
        kind = Subscript(Name("Collection", "collections.abc"), (Name("str"),))
        about = "names of fields that may be missing although the document requires them."
        yield _argument("overrule", kind, ()), "overrule", about
    for argument in (*_format_arguments(operation), _STRICT, _TIMEOUT):
        yield argument, argument.name, ""


def _can_be_overruled(interface: Interface, operation: Operation) -> bool:
    """Whether the service is known to do without something that the document requires."""
    records = interface.reachable(request_of(interface, operation).record)
    return any(field.required and field.optional for one in records for field in one.fields)


def _formed(operation: Operation) -> str:
    return "request and reply" if len(set(encodings(operation).values())) > 1 else "the reply"


def _call_docstring(interface: Interface, operation: Operation, arguments: str) -> str:
    described = operation.description_en or operation.en
    label = f" ({operation.label})" if operation.label else ""
    payload = payload_of_reply(interface, operation)
    forms = [f"models.{variant.record.name}" for variant in operation.reply.variants]
    several = ", any number of them" if payload.is_list else ""
    if operation.paging is not None and operation.paging.form != "whole":
        several = ", those of one page" if payload.is_list else ""
        several += f"; ``{operation.paging.name}`` reads all pages"
    one_of = f" Or one of its forms: {', '.join(forms)}." if forms else ""
    brought = f"{payload.record.en.rstrip('.')}{several}.{one_of}"
    if payload.shape == "file":
        brought = "what is known of the file, which is where it was to go."
    if payload.shape == "none":
        brought = "nothing but that it was carried out: ``body`` is None."
    raises = _raises(interface, operation, payload.shape)
    return python_docstring(
        f"{described[:1].upper()}{described[1:].rstrip('.')}{label}.\n\n"
        f"{_part('Args', arguments)}"
        f"Returns:\n    {brought}\n\n"
        f"{_part('Raises', raises)}"
        f"{_source(interface, operation)}",
        indent=8,
    )


def _source(interface: Interface, operation: Operation) -> str:
    return f"Source: {interface.document.file}, {source_of(operation.cite)}."


def _part(title: str, lines: str) -> str:
    return f"{title}:\n{lines}\n" if lines else ""


def _raises(interface: Interface, operation: Operation, shape: str) -> str:
    """Return what a method raises that others do not."""
    raises = ""
    if has_provisional_names(interface, operation):
        raises += (
            "    UndocumentedNameError: what the document does not name would go to another "
            "machine; nothing was sent.\n"
        )
    if shape == "file":
        raises += "    DownloadError: the file that came cannot be written.\n"
    if operation.kind == "write":
        identity = identity_of(operation).replace("_", " ")
        carries = f"; it carries the {identity}" if identity else ""
        raises += f"    OutcomeUnknownError: the request may have been carried out{carries}.\n"
    return raises


def _walk_method(interface: Interface, operation: Operation) -> Method:
    paging, request = operation.paging, request_of(interface, operation)
    if paging is None:
        raise TypeError("asked only for operations with paging")
    page, cut = page_arguments(interface, operation), resolve_cut(interface, operation)
    fields = [field for field in ordered_fields(request) if field.name not in page.names]
    given = [argument_of(field, request) for field in fields]
    passed = {argument.name: argument.passed for argument in given}
    of_one_call = passed | dict(page.named) | dict(cut.named if cut else ())
    is_by_memory = _IS_BY_MEMORY[paging.form] or cut is not None
    begin_type, begin = (Name("str"), "") if is_by_memory else (Name("int"), 1)
    item = Name(f"models.{item_of(interface, operation).name}", OWN)
    described = (*_begin_doc(is_by_memory), *_size_doc(paging))
    arguments = described_arguments(fields, request) + "".join(f"    {s}\n" for s in described)
    return Method(
        name=paging.name,
        arguments=(
            *given,
            _argument("begin", begin_type, begin),
            *_size_argument(paging),
            *_format_arguments(operation),
            _STRICT,
            _TIMEOUT,
        ),
        result=Subscript(Name("Walk", "gridwright_runtime.paging"), (item,)),
        result_of_tasks=Subscript(Name("AsyncWalk", "gridwright_runtime.paging"), (item,)),
        docstring=_walk_doc(
            interface, operation, _PROMISES[paging.form], _how(paging, cut), arguments
        ),
        call=call(
            Name("self._walk"),
            _operation(operation),
            Name(f"operations.{pages_constant(operation)}", OWN),
            Function(
                (*page.asked, *(cut.asked if cut else ())), _request_record(request, of_one_call)
            ),
            Name("begin"),
            Name("page_size") if _is_sized(paging) else paging.page_size or USUAL_PAGE_SIZE,
            **_cuts(operation, cut, passed),
            format=_format_passed(operation),
            strict=Name("strict"),
            timeout_seconds=Name("timeout_seconds"),
        ),
        waits=False,
    )


def _walk_doc(
    interface: Interface, operation: Operation, promise: str, how: str, arguments: str
) -> str:
    cuts = interface.cuts_of(operation) != (None, None)
    return python_docstring(
        f"Walk all records that {operation.name} finds, {how}.\n\n"
        f"{_CUT if cuts else ''}{promise} ``position`` of the iterator is where another walk may "
        f"begin.\n\nArgs:\n{arguments}\n"
        "Returns:\n    an iterator over the records.\n\n"
        f"{_part('Raises', _raises(interface, operation, 'list'))}"
        f"{_source(interface, operation)}",
        indent=8,
    )


def _cuts(
    operation: Operation, cut: CutArguments | None, passed: Mapping[str, Expression]
) -> dict[str, Expression]:
    """Return by what a walk cuts its question, and the whole of what it cuts."""
    if cut is None:
        return {}
    cuts: dict[str, Expression] = {"cuts": Name(f"operations.{cuts_constant(operation)}", OWN)}
    if cut.period:
        cuts["period"] = tuple(passed[name] for name in cut.period)
    if cut.items:
        cuts["items"] = passed[cut.items]
    return cuts


def _how(paging: Paging, cut: CutArguments | None) -> str:
    if cut is None:
        if paging.form == "whole":
            return "with one call"
        return "page by page, in bounded memory"
    return "part by part" if paging.form == "whole" else "part by part and page by page"


def _is_sized(paging: Paging) -> bool:
    """Whether a request says how many records it wants."""
    return paging.form == "rows" or bool(paging.size)


def _begin_doc(is_by_memory: bool) -> Sequence[str]:
    if is_by_memory:
        return ("begin: where to begin, as ``position`` of another walk said it.",)
    return ("begin: number of the first record, from 1.",)


def _size_doc(paging: Paging) -> Sequence[str]:
    return ("page_size: records asked for at a time.",) if _is_sized(paging) else ()


def _size_argument(paging: Paging) -> Sequence[MethodArgument]:
    if not _is_sized(paging):
        return ()
    return (_argument("page_size", Name("int"), paging.page_size or USUAL_PAGE_SIZE),)


def _find_method(interface: Interface, operation: Operation, search: Operation) -> Method:
    reconcile, paging = operation.reconcile, search.paging
    if reconcile is None or paging is None:
        raise TypeError("asked only for writes that say how to look for what they left behind")
    ((sent, item),) = [
        (f, f.type.item)
        for f in request_of(interface, operation).record.fields
        if isinstance(f.type, ListType) and isinstance(f.type.item, RecordType)
    ]
    own = _names_of_items(interface, sent)
    request, page = request_of(interface, search), page_arguments(interface, search)
    wanted = {wire: own[wire] for wire in reconcile.by}
    asked = _criteria(interface, request, page, wanted) | dict(page.named)
    stored = item_of(interface, search)
    stored_names = {f.wire: f.name for f in stored.fields}
    item_type = annotation_of(item)
    pair = Subscript(
        Name("Found", "gridwright_runtime.reconcile"),
        (item_type, Name(f"models.{stored.name}", OWN)),
    )
    result = Subscript(Name("list"), (pair,))
    return Method(
        name=reconcile.name,
        arguments=(
            MethodArgument(name=sent.name, annotation=Subscript(_SEQUENCE, (item_type,))),
            *_format_arguments(search),
            _TIMEOUT,
        ),
        result=result,
        result_of_tasks=result,
        docstring=_find_doc(interface, operation, search, sent.name),
        call=call(
            Name("self._find_saved"),
            _operation(search),
            Name(f"operations.{pages_constant(search)}", OWN),
            Function(("sent", *page.asked), _request_record(request, asked)),
            Name(sent.name),
            by=tuple(wanted.values()),
            standing=dict_display(
                (stored_names[name], values) for name, values in reconcile.standing
            ),
            format=_format_passed(search),
            timeout_seconds=Name("timeout_seconds"),
        ),
    )


def _names_of_items(interface: Interface, field: Field) -> dict[str, str]:
    """Return the Python names of the fields that the records of a field have, by wire name."""
    record = interface.record_of(field)
    return {f.wire: f.name for f in record.fields} if record is not None else {}


def _criteria(
    interface: Interface, request: RequestArguments, page: PageArguments, wanted: Mapping[str, str]
) -> dict[str, Expression]:
    """Return what a search is asked for one record that was sent.

    Args:
        interface: where records are looked up.
        request: what the search is asked with.
        page: the arguments that ask for one page.
        wanted: names of the fields of the record that was sent, by the wire name of the criterion.
    """
    fields = [f for f in request.record.fields if f.name not in page.names]
    asked = {f.name: Name(f"sent.{wanted[f.wire]}") for f in fields if f.wire in wanted}
    if len(asked) == len(wanted):
        return dict(asked)
    (criteria,) = fields
    names = _names_of_items(interface, criteria)
    among = {names[wire]: Name(f"sent.{own}") for wire, own in wanted.items()}
    record = _record_name(criteria.type)
    return {criteria.name: call(Name(f"models.{record}", OWN), **among)}


def _find_doc(interface: Interface, operation: Operation, search: Operation, sent: str) -> str:
    identity = identity_of(operation).replace("_", " ")
    again = f", with the {identity} that the error carries" if identity else ""
    return python_docstring(
        f"Say which of the records sent by {operation.name} are stored.\n\n"
        "For use after an OutcomeUnknownError: what is not stored may be sent again"
        f"{again}.\n\nArgs:\n    {sent}: the records as they were sent.\n\n"
        "Returns:\n    each record that was sent, with the stored ones that say the same.\n\n"
        f"{_source(interface, search)}",
        indent=8,
    )


def _record_name(type_: object) -> str:
    return type_.record if isinstance(type_, RecordType) else ""


def _operation(operation: Operation) -> Name:
    return Name(f"operations.{constant_name(operation.name)}", OWN)


def _request_record(request: RequestArguments, given: dict[str, Expression]) -> Call:
    return call(Name(f"models.{request.record.name}", OWN), **given)


def _format_arguments(operation: Operation) -> Sequence[MethodArgument]:
    return (_FORMAT,) if len(operation.formats) > 1 else ()


def _format_passed(operation: Operation) -> Expression:
    if operation.reply.shape in WITHOUT_MESSAGE:
        return None
    return Name("format") if len(operation.formats) > 1 else operation.formats[0]


def _argument(name: str, annotation: Expression, default: Expression) -> MethodArgument:
    return MethodArgument(name=name, annotation=annotation, default=default, passed=Name(name))


_CUT = (
    "A question that reaches further than one call may is asked in parts, each a call of its own; "
    "``without_data`` lists those for which the service has nothing. "
)
# Whether another walk begins where one has said that it stands, and not at the number of a record.
_IS_BY_MEMORY: Mapping[PagingForm, bool] = {
    "rows": False,
    "page": False,
    "offset": False,
    "token": True,
    "link": True,
    "whole": True,
}
_BY_NUMBERS = (
    "No record comes twice and none is lost when the number of records changes between two pages;"
)
_BY_SERVICE = "What the next page holds is what the service keeps in mind;"
_PROMISES: Mapping[PagingForm, str] = {
    "rows": _BY_NUMBERS,
    "page": _BY_NUMBERS,
    "offset": _BY_NUMBERS,
    "token": _BY_SERVICE,
    "link": _BY_SERVICE,
    "whole": "Every record comes once;",
}
_SEQUENCE = Name("Sequence", "collections.abc")
_REPLY = Name("Reply", "gridwright_runtime.reply")
_REPLY_BESIDE = Name("ReplyBeside", "gridwright_runtime.reply")
_RESULT = Name("Result", "gridwright_runtime.result")
_RESULT_BESIDE = Name("ResultBeside", "gridwright_runtime.result")
_OPEN = _argument(
    "items",
    Either((Subscript(Name("Mapping", "collections.abc"), (Name("str"), Name("object"))), NOTHING)),
    NOTHING,
)
_OF_MESSAGES = ("record", "list", "value")
_FORMAT = _argument("format", Either((Name("Format", INTERFACE), NOTHING)), NOTHING)
_STRICT = _argument("strict", Either((Name("bool"), NOTHING)), NOTHING)
_TIMEOUT = _argument("timeout_seconds", Either((Name("float"), NOTHING)), NOTHING)
