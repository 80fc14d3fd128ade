"""What validators ask of headers of replies, and of lists of failures beside the data."""

from collections.abc import Iterator
from dataclasses import replace

from gridwright.ir import Envelope, Interface, Operation
from gridwright.output.escape import python_docstring, python_text
from gridwright.targets.calls.replies import has_own_header, header_formats, root_fields
from gridwright.targets.containers import Container, container_of
from gridwright.targets.package.check_views import CallView, CheckView, call_text
from gridwright.targets.package.field_checks import field_call
from gridwright.targets.python import snake_name, source_of

__all__ = ["failure_calls", "header_checks", "header_of_reply", "tree_formats"]


def header_checks(interface: Interface) -> Iterator[CheckView]:
    """Yield the checks of the headers of envelopes, and of the entries of lists of failures."""
    for envelope in interface.envelopes:
        if envelope.partial is not None:
            yield from _entry_checks(envelope, container_of(envelope.fields), "")
            continue
        if not envelope.path or all(o.envelope is not envelope for o in interface.operations):
            continue  # its fields stand in the reply's own record, or in no success at all
        yield CheckView(
            name=_check_name(envelope.name),
            argument="header",
            extra="",
            docstring=python_docstring(
                f"Find what is wrong with the header of a reply.\n\n"
                f"Source: {source_of(envelope.header.cite)}."
            ),
            calls=tuple(field_call(field) for field in envelope.fields),
        )


def _entry_checks(envelope: Envelope, container: Container, step: str) -> Iterator[CheckView]:
    """Yield the checks of an entry of a list of failures, those of its containers first."""
    calls = [
        field_call(replace(field, wire=wire, under=())) for wire, field, _label in container.fields
    ]
    for name, inner in container.inner.items():
        below = f"{step}_{snake_name(name)}"
        yield from _entry_checks(envelope, inner, below)
        options = [
            f"check={_check_name(envelope.name)}{below}",
            "optional=True" if inner.is_optional else "required=True",
            f"line={python_text(str(envelope.header.cite))}",
        ]
        calls.append(
            CallView(call_text("record", name, "header", "", "what holds a field", options))
        )
    yield CheckView(
        name=f"{_check_name(envelope.name)}{step}",
        argument="header",
        extra="",
        docstring=python_docstring(
            f"Find what is wrong with {'an entry' if not step else 'a part of an entry'} of the "
            f"list of failures of a reply.\n\nSource: {source_of(envelope.header.cite)}."
        ),
        calls=tuple(calls),
    )


def _check_name(envelope: str) -> str:
    """Return the name of the check of the header of an envelope."""
    return f"check_{envelope}_header"


def failure_calls(operation: Operation, envelope: Envelope) -> Iterator[CallView]:
    """Yield what is asked of a list of failures beside the data of a reply."""
    header = envelope.header
    has_one_format = len(tree_formats(operation)) == 1
    for form in envelope.header_formats:
        if form not in tree_formats(operation):
            continue
        options = [
            f"check={_check_name(envelope.name)}",
            *(["single=True"] if form == "xml" else []),
            "optional=True",
            f"line={python_text(str(header.cite))}",
        ]
        call = call_text("records", header.wire, "failures", header.label, header.en, options)
        yield CallView(call, only_for="" if has_one_format else python_text(form))


def tree_formats(operation: Operation) -> tuple[str, ...]:
    """Return the formats, as a check is told them, that messages of an operation have."""
    found = dict.fromkeys("json" if form == "jsonl" else form for form in operation.formats)
    return tuple(form for form in found if form in ("json", "xml"))


def _formats_with_header(operation: Operation) -> tuple[str, ...]:
    """Return the formats in which alone a header is asked for; ``("",)``: all that there are."""
    formats = tree_formats(operation)
    having = tuple(form for form in header_formats(operation) if form in formats)
    return ("",) if having and len(having) == len(formats) else having


def header_of_reply(
    operation: Operation, inner: tuple[str, ...]
) -> tuple[int, tuple[CheckView, ...], tuple[CallView, ...]]:
    """Return how deep the header of a reply is asked for, what holds it there, and the calls.

    Args:
        operation: whose reply it is.
        inner: the containers around the payload, from the root.
    """
    envelope = operation.envelope
    calls = tuple(_header(operation))
    path = envelope.path if envelope is not None and has_own_header(operation) else ()
    if path and path == inner[: len(path)] and envelope is not None:
        # Its fields stand in a container of the payload.
        return len(path), (), tuple(_header_fields(operation, envelope))
    level = 0
    while level < min(len(path) - 1, len(inner)) and path[level] == inner[level]:
        level += 1
    holders: list[CheckView] = []
    for depth, wire in enumerate(reversed(path[level:-1])):
        check = f"check_{operation.name}_header{depth + 1 if depth else ''}"
        holders.append(
            CheckView(
                name=check,
                argument="header",
                extra=", *, format: str",
                docstring=python_docstring(
                    f"Find what is wrong around the header of a reply of {operation.wire_name}.\n\n"
                    f"Source: {source_of(operation.cite)}."
                ),
                calls=calls,
            )
        )
        options = [
            f"check=lambda header, path: {check}(header, path, format=format)",
            "optional=True"
            if envelope is not None and envelope.header_optional
            else "required=True",
            f"line={python_text(str(operation.cite))}",
        ]
        call = call_text("record", wire, "header", "", "what holds the header", options)
        calls = tuple(
            CallView(call, only_for=python_text(form) if form else "")
            for form in _formats_with_header(operation)
        )
    return level, tuple(holders), calls


def _header(operation: Operation) -> Iterator[CallView]:
    """Yield what is asked of the header of a reply, where it stands beside the payload."""
    envelope = operation.envelope
    if envelope is None:
        return
    if root_fields(operation):
        yield from _header_fields(operation, envelope)
    for form in _formats_with_header(operation):
        if has_own_header(operation):
            header = envelope.header
            options = [
                f"check={_check_name(envelope.name)}",
                "optional=True" if envelope.header_optional else "required=True",
                f"line={python_text(str(header.cite))}",
            ]
            call = call_text(
                "record", envelope.path[-1], "header", header.label, header.en, options
            )
            yield CallView(call, only_for=python_text(form) if form else "")


def _header_fields(operation: Operation, envelope: Envelope) -> Iterator[CallView]:
    """Yield what is asked of the fields of a header that stand beside other things."""
    for form in _formats_with_header(operation):
        for field in envelope.fields:
            one = replace(field, optional=True) if envelope.header_optional else field
            yield replace(field_call(one), only_for=python_text(form) if form else "")
