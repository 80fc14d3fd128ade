"""What reference pages say of envelopes: where headers stand, and what means success."""

from gridwright.ir import Case, Envelope, ErrorCode, FailureKind, Pair
from gridwright.output.escape import markdown, markdown_code
from gridwright.targets.calls.errors import NO_ERROR, error_class
from gridwright.targets.pages.field_tables import field_table, show_path
from gridwright.targets.pages.tables import MarkdownTable, describe_source, used_up

__all__ = ["describe_items_that_came", "envelope_view"]


def envelope_view(envelope: Envelope) -> dict[str, object]:
    """Describe an envelope: its header, its codes, and the cases that it tells apart."""
    pairs, in_list, consent = envelope.pairs, envelope.failure_in_list, envelope.consent
    return {
        "where": _where(envelope),
        "cases": MarkdownTable(
            ("Where", "Error", "Meaning", "Source"), tuple(map(_case, envelope.cases))
        ),
        "kinds": MarkdownTable(
            ("Kind", "Error", "Meaning", "Source"), tuple(map(_kind, envelope.kinds))
        ),
        "pairs": MarkdownTable(
            ("Key", "Filled with", "Meaning", "Source"),
            tuple(map(_pair, pairs.fill if pairs else ())),
        ),
        "formats": " and ".join(f.upper() for f in envelope.header_formats),
        "fields": field_table(envelope.fields),
        "of_items": envelope.of_items,
        "partial": describe_source(envelope.partial) if envelope.partial else "",
        "success": _success(envelope),
        "errors": MarkdownTable(
            ("Code", "Error", "Meaning", "Source"), tuple(map(_error, envelope.errors))
        ),
        "failure_in_list": describe_source(in_list) if in_list else "",
        "consent": f"{markdown(consent.en)} ({describe_source(consent.cite)})" if consent else "",
    }


def _case(case: Case) -> tuple[str, ...]:
    return (
        _looks(case),
        "" if case.error == NO_ERROR else f"`{error_class(case.error)}`",
        markdown(case.en) + used_up(case.breaks),
        describe_source(case.cite),
    )


def _kind(kind: FailureKind) -> tuple[str, ...]:
    source = describe_source(kind.cite)
    return markdown_code(kind.value), markdown_code(kind.error), markdown(kind.en), source


def _pair(pair: Pair) -> tuple[str, ...]:
    of_client = f"{markdown_code(pair.name)} of the client"
    return (
        markdown_code(pair.key),
        "a new identifier for each call" if pair.source == "uuid" else of_client,
        markdown(pair.en),
        describe_source(pair.cite),
    )


def _error(error: ErrorCode) -> tuple[str, ...]:
    return (
        markdown_code(error.code),
        markdown_code(error.error),
        markdown(error.en) + used_up(error.breaks),
        describe_source(error.cite),
    )


def _where(envelope: Envelope) -> str:
    """Say where the header of an envelope stands."""
    around = (*((envelope.root.wire,) if envelope.root else ()), *envelope.header_under)
    within = f" within {show_path(around)}" if around else ""
    where = (
        f"its fields stand in the root of the reply{within}"
        if envelope.header.wire == "."
        else f"the element {markdown_code(envelope.header.wire)} stands before the data{within}"
    )
    if envelope.partial is not None:
        return f"the elements {markdown_code(envelope.header.wire)} stand beside the data{within}"
    return f"{where}; a success may do without it" if envelope.header_optional else where


def _looks(case: Case) -> str:
    """Say what a case asks for."""
    told = []
    if case.root:
        told.append(f"the root is {' or '.join(map(markdown_code, case.root))}")
    if case.status:
        told.append(f"the HTTP status is {' or '.join(map(markdown_code, case.status))}")
    for field, values in case.when:
        known = " or ".join(markdown_code(value) or "empty" for value in values)
        told.append(f"{markdown_code(field)} is {known}")
    told += [f"{markdown_code(f)} contains {markdown_code(text)}" for f, text in case.contains]
    if case.has:
        told.append(f"there is {show_path(case.has)}")
    if case.lacks:
        told.append(f"there is no {show_path(case.lacks)}")
    return ", ".join(told)


def _success(envelope: Envelope) -> str:
    """Say which values of fields mean success."""
    return " and ".join(
        f"{markdown_code(k)} is {' or '.join(markdown_code(v) or 'empty' for v in values)}"
        for k, values in envelope.success
    )


def describe_items_that_came(verdict: Envelope) -> str:
    """Say which items of a list came, and which failed."""
    if verdict.success:
        return f"an item came where {_success(verdict)}"
    return f"an item failed where it has {markdown_code(verdict.code)}"
