"""Note what works in a spec and should be looked at. A note never stops a run."""

import re
from collections.abc import Iterator

from gridwright.analysis.echoes import requested_fields
from gridwright.analysis.payloads import payload_of_reply
from gridwright.diagnostics import Diagnostic, Span, sorted_diagnostics
from gridwright.ir import (
    Credential,
    Field,
    IntegerType,
    Interface,
    Marks,
    Place,
    Placement,
    TemporalType,
    TextType,
    TypeRef,
    item_type,
    referred,
)
from gridwright.notation.patterns import MAY_LACK_OFFSET, has_mark
from gridwright.notation.zones import clocks_may_change
from gridwright.targets.calls.systems import carried_credentials

__all__ = ["notes_of"]


def notes_of(interface: Interface) -> tuple[Diagnostic, ...]:
    """Return the notes on an interface that has no mistakes."""
    found = [note for rule in _RULES for note in rule(interface)]
    return sorted_diagnostics(found)


def _report(span: Span, code: str, message: str, help_text: str) -> Diagnostic:
    return Diagnostic(span, code, message, help_text, severity="note")


def _unused_credentials(interface: Interface) -> Iterator[Diagnostic]:
    """Note credentials that nothing carries."""
    carried = carried_credentials(interface)
    for credential in interface.credentials:
        if credential not in carried:
            yield _report(
                credential.span,
                "credential-unused",
                f"nothing carries {credential.name!r}",
                "say where it travels, such as `auth: {present: {NAME: {in: header, "
                f"value: credential.{credential.name}, at: …}}}}}}`",
            )


def _secrets_in_addresses(interface: Interface) -> Iterator[Diagnostic]:
    """Note secrets that stand in addresses, which servers and proxies write to their logs."""
    secret = {known.name: known for known in interface.credentials if known.secret}
    told: set[tuple[str, str]] = set()
    for name, where, place in _in_addresses(interface):
        if name in secret and (name, where) not in told:
            told.add((name, where))
            yield _secret_note(secret[name], where, place)


def _secret_note(credential: Credential, where: str, place: str) -> Diagnostic:
    return _report(
        credential.span,
        "secret-in-address",
        f"the secret {credential.name!r} travels in the {place} of {where}",
        "say `in: header` or a body, if the document offers one: addresses are logged on the way",
    )


def _in_addresses(interface: Interface) -> Iterator[tuple[str, str, str]]:
    """Yield credentials that stand in an address, with what carries them, and where."""
    for step in interface.auth_steps:
        for part in step.all_parts:
            if part.place in _ADDRESS:
                for _, name in referred(part.source):
                    yield name, f"step {step.name!r} of the login", part.place.value
    for presented in interface.presented:
        if presented.place in _ADDRESS:
            for _, name in referred(presented.source):
                yield name, "requests", presented.place.value
    for operation in interface.operations:
        for parameter in operation.parameters:
            if parameter.place in _ADDRESS:
                for _, name in referred(parameter.source):
                    yield name, "requests", parameter.place.value


def _undecided_labels(interface: Interface) -> Iterator[Diagnostic]:
    """Note labels of which nobody knows whether they begin or end an interval."""
    for field in _received(interface):
        label = field.series or field.instant
        is_register = field.series is not None and field.series.register
        # A position, and a start and an end, have no label.
        has_label = not isinstance(label, Placement) or bool(label.place("time"))
        is_undecided = label is not None and label.marks is Marks.UNDECIDED
        if is_undecided and has_label and not is_register:
            yield _report(
                field.span,
                "label-undecided",
                f"nobody says whether the label of {field.name!r} begins or ends its interval",
                "add `label_marks: start` or `label_marks: end` once somebody knows; until then "
                "each caller says it",
            )


def _undecided_hours(interface: Interface) -> Iterator[Diagnostic]:
    """Note local times that come twice when the clocks go back, and nothing says which is meant."""
    for field in _received(interface):
        type_ = field.type
        if not isinstance(type_, TemporalType) or type_.repeated is None:
            continue
        where = ", in a value without an offset" if type_.pattern in MAY_LACK_OFFSET else ""
        is_open = type_.repeated.word == "undecided" and not has_mark(type_.pattern)
        if is_open and clocks_may_change(
            type_.zone, is_named=bool(type_.zone_field), names=type_.zone_names
        ):
            yield _report(
                field.span,
                "hour-undecided",
                f"nobody says which hour {field.name!r} means when the clocks go back{where}",
                "add `repeated: first` or `repeated: second`, the field that says it, or a mark "
                "in `pattern:`; until then such a time is no value, and a deviation",
            )


def _unsaid_echoes(interface: Interface) -> Iterator[Diagnostic]:
    """Note fields of a list that are named like what was asked, which nobody compares with it."""
    told: set[Span] = set()
    for operation in interface.operations:
        if operation.reply.shape != "list" or operation.known_by_example:
            continue
        for field in payload_of_reply(interface, operation).record.fields:
            names = ((field.wire,), (field.name,))
            ways = (requested_fields(interface, operation, name) for name in names if name[0])
            asked = next((found for found in ways if found), [])
            is_same = len(asked) == 1 and _is_told_apart(asked[0][-1].type, field.type)
            if field.echoes or field.span in told or not is_same:
                continue
            told.add(field.span)
            wire = asked[0][-1].wire
            yield _report(
                field.span,
                "echo-unsaid",
                f"{operation.name!r} is asked for {wire!r}, and nothing says that "
                f"{field.wire!r} of its records says it again",
                f"add `echoes: {wire}` where it does: a reply about another one is then a "
                "deviation, and mocks answer about each that was asked for",
            )


def _unsaid_paging(interface: Interface) -> Iterator[Diagnostic]:
    """Note fields beside a list that are named as those of pages are, where none are said."""
    told: set[Span] = set()
    for operation in interface.operations:
        reply = operation.reply
        if operation.paging or reply.shape != "list" or reply.beside is None:
            continue
        for field in reply.beside.fields:
            name = re.sub("[^a-z]", "", field.wire.lower())
            if name not in _OF_PAGES or field.span in told:
                continue
            told.add(field.span)
            yield _report(
                field.span,
                "paging-unsaid",
                f"{field.wire!r} stands beside the list of {operation.name!r}, and nothing says "
                "that the list comes in pages",
                "if it says how many there are, or what the next page is, say it under `paging:`: "
                "else a call brings the first page alone",
            )


def _codes_of_failures(interface: Interface) -> Iterator[Diagnostic]:
    """Note envelopes at the root whose code is expected in a success, and means failures alone."""
    used = {one.envelope.name for one in interface.operations if one.envelope is not None}
    for envelope in interface.envelopes:
        means_success = envelope.success or any(one.error == "none" for one in envelope.cases)
        is_list = envelope.of_items or envelope.partial is not None
        at_root = envelope.header.wire == "." and not envelope.header_optional and not is_list
        if not at_root or means_success or envelope.name not in used:
            continue
        for field in envelope.fields:
            if field.wire == envelope.code and not field.optional:
                yield _report(
                    envelope.header.span,
                    "code-expected",
                    f"nothing says that a success has {field.wire!r}, and each without it is a "
                    f"deviation (`missing-field`)",
                    "add `presence: optional` to `header:` if failures alone have its fields",
                )


def _is_told_apart(asked: TypeRef, received: TypeRef) -> bool:
    """Say whether both are names or numbers of things; a code may stand for all of them."""
    item = item_type(asked)
    return isinstance(item, TextType | IntegerType) and isinstance(received, type(item))


def _received(interface: Interface) -> Iterator[Field]:
    for record in interface.records:
        yield from record.fields


# Without capital letters and signs.
_OF_PAGES = frozenset({
    "count", "currentpage", "cursor", "hasmore", "hasnext", "lastpage", "next", "nextcursor",
    "nextlink", "nextpage", "nextpagetoken", "nexttoken", "numpages", "pagecount", "pageno",
    "pagenumber", "total", "totalcount", "totalelements", "totalitems", "totalpages",
    "totalrecords", "totalresults",
})  # fmt: skip
_ADDRESS = (Place.QUERY, Place.PATH)
_RULES = (
    _unused_credentials,
    _secrets_in_addresses,
    _undecided_labels,
    _undecided_hours,
    _unsaid_echoes,
    _unsaid_paging,
    _codes_of_failures,
)
