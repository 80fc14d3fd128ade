"""Build and check the request of an operation.

The arguments become a tree of wire values, which is checked together with the parts that the
document has beside it; then each part goes to its place, and the rest is encoded as the body.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import structs

from ..encodings.wire_texts import fault_in, texts_of
from ..encodings.write_body import wire_tree
from ..errors import ConfigurationError, GridwrightError, InvalidRequestError
from ..interface import Hole, Operation, Part
from ..message import Hidden
from ..problems import Problem
from ..record import Record
from ..sources import Values, colon_in_user, fill_source
from .build_body import Sending, content_of
from .build_checks import (
    attachment_problems,
    identity_problems,
    mark_misplaced,
    request_problems,
    undocumented_names,
)
from .build_plan import BuildPlan, plan_of
from .draft import Draft, Placed
from .hidden_texts import hidden_texts

__all__ = ["Draft", "prepare"]


def prepare(
    operation: Operation[Any],
    arguments: Record,
    given: Values,
    sending: Sending,
    *,
    overrule: Collection[str] = (),
    now: datetime | None = None,
) -> Draft:
    """Build the draft of a request, or report everything that is wrong with it.

    Args:
        operation: what is called.
        arguments: what the caller gives, as the operation's model.
        given: what its parts are filled with, as far as that is known before it leaves: its format
            is one of those that the operation offers.
        sending: where it goes, and what goes along.
        overrule: Python names of fields that may be missing although they are required.
        now: the present, aware, where the operation says how far back a call may ask.

    Raises:
        InvalidRequestError: the arguments break the document's rules; all problems are listed.
        ConfigurationError: a credential or an option that it needs is missing or cannot stand in
            its place.
        UndocumentedNameError: the request holds what the document does not name, and the address
            is not one of this machine.
        UploadError: a file cannot be read any more.
    """
    if sending.attachments != ():
        # Walked through twice, which a generator is not.
        many = sending.attachments
        whole = tuple(many) if isinstance(many, Iterable) else (many,)
        sending = structs.replace(sending, attachments=whole)
    # Tools that print the variables of a traceback must find no argument here: errors are returned
    # by what finds them, and raised where no value is at hand.
    draft = _prepared(operation, arguments, given, sending, overrule, now)
    if isinstance(draft, GridwrightError):
        del arguments
        raise draft
    return draft


def _prepared(
    operation: Operation[Any],
    arguments: Record,
    given: Values,
    sending: Sending,
    overrule: Collection[str],
    now: datetime | None,
) -> Draft | GridwrightError:
    plan = plan_of(operation, given.format)
    texts = _texts(operation, plan, given)
    if isinstance(texts, GridwrightError):
        return texts
    if not isinstance(arguments, operation.request.model):
        return InvalidRequestError(operation.call, [_wrong_model(operation, plan, arguments)])
    tree = wire_tree(arguments, plan.nulls)
    if plan.arguments:
        mark_misplaced(plan, tree)
    problems = identity_problems(plan, given.identity)
    problems += request_problems(operation, plan, _whole(plan, tree, texts))
    if operation.reaches and now is not None:
        from .reach import reach_problems  # few services say how far back one may ask

        problems += reach_problems(operation.reaches, arguments, now)
    if overrule:
        from ..overrule import drop_overruled  # few calls overrule a rule

        model = operation.request.model
        problems = drop_overruled(problems, overrule, model=model, call=operation.call)
    if sending.attachments:
        problems += attachment_problems(operation, sending.attachments)
    if problems:
        return InvalidRequestError(operation.call, problems)
    error = _misplaced(operation, plan, texts, given) or undocumented_names(
        operation, arguments, sending.base_url
    )
    if error is not None:
        return error
    sensitive = _sensitive(operation, plan, tree, texts, given)
    placed = _place_parts(plan, tree, texts)
    content = None
    if not plan.is_body_late:
        found = content_of(operation, plan, tree, placed, given.format, sending)
        if isinstance(found, GridwrightError):
            return found
        content = found
        tree = {}
    return Draft(operation, plan, given, sending, placed, tree, content, sensitive)


def _texts(
    operation: Operation[Any], plan: BuildPlan, given: Values
) -> list[str | None] | ConfigurationError:
    """Return the text of each part that is known now and no argument, beside the plan's parts."""
    texts = list(plan.constants)
    lacking: list[Hole] = []
    for number, entry in plan.given:
        if entry.lone is not None:
            texts[number] = text = _hole_text(entry.lone, given)
            if not text and not entry.is_optional:
                lacking.append(entry.lone)
            continue
        missing = [hole for hole in entry.needs if not _hole_text(hole, given)]
        if not (missing or entry.is_late):
            texts[number] = fill_source(entry.part.source, given)
        if not entry.is_optional:
            lacking += missing
    return _lacking(operation, lacking) if lacking else texts


def _lacking(operation: Operation[Any], lacking: Sequence[Hole]) -> ConfigurationError:
    credentials = dict.fromkeys(hole.name for hole in lacking if hole.kind == "credential")
    if credentials:
        return ConfigurationError(f"{operation.call} needs {', '.join(credentials)}")
    options = dict.fromkeys(hole.name for hole in lacking)
    passed = ", ".join(f"{name}=…" for name in options)
    return ConfigurationError(
        f"{operation.system}: every request carries {', '.join(options)}; pass {passed}"
    )


def _hole_text(hole: Hole, given: Values) -> str | None:
    known = given.credentials if hole.kind == "credential" else given.options
    return known.get(hole.name) or None


def _wrong_model(operation: Operation[Any], plan: BuildPlan, arguments: object) -> Problem:
    wanted, kind = operation.request.model.__name__, type(arguments).__name__
    path, wire = ".".join(plan.under), plan.under[-1] if plan.under else ""
    message = f"must be {wanted}, not {kind}"
    return Problem(path=path, wire=wire, rule="wrong-type", message=message)


def _whole(
    plan: BuildPlan, tree: dict[str, object], texts: list[str | None]
) -> Mapping[str, object]:
    """Return the request as its check sees it."""
    if not plan.under and not plan.checked:
        return tree
    whole: dict[str, object] = {}
    for number, part in plan.checked:
        text = texts[number]
        if text is None:
            continue
        if part.pair is not None:
            _append_pair(whole, part, text)
        else:
            whole[part.wire] = text
    if not plan.under:
        return whole | tree
    inside: dict[str, object] = whole
    for step in plan.under:
        below: dict[str, object] = {}
        inside[step] = below
        inside = below
    arguments = {key for key, _part in plan.arguments}
    for key, value in tree.items():
        (whole if key in arguments else inside)[key] = value
    return whole


def _append_pair(whole: dict[str, object], part: Part, text: str) -> None:
    assert part.pair is not None  # noqa: S101  # the caller asks
    inside: Any = whole
    for step in part.under[:-1]:
        inside = inside.setdefault(step, {})
    name, value = part.pair
    inside.setdefault(part.under[-1], []).append({name: part.wire, value: text})


def _misplaced(
    operation: Operation[Any], plan: BuildPlan, texts: list[str | None], given: Values
) -> ConfigurationError | None:
    """Return the error for a credential or an option that cannot stand where it is to go."""
    for number, entry in plan.given:
        text = texts[number]
        if text is None or entry.part is plan.identity:
            continue
        fault = fault_in(entry.place, text)
        if fault is not None:
            names = " and ".join(hole.name for hole in entry.needs)
            place = _PLACES[entry.place]
            return ConfigurationError(
                f"{operation.call}: nothing was sent: {names} travels in {place} {fault[1]}"
            )
    for number in plan.basics:
        said = colon_in_user(plan.entries[number].part.source, given)
        if said:
            return ConfigurationError(f"{operation.call}: nothing was sent: {said}")
    return None


def _sensitive(
    operation: Operation[Any],
    plan: BuildPlan,
    tree: Mapping[str, object],
    texts: list[str | None],
    given: Values,
) -> Hidden:
    found = hidden_texts(operation.request.model, tree)
    if len(found) > 1:
        found = [*dict.fromkeys(found)]
    secrets = [text for text in given.credentials.values() if text]
    for number in plan.basics:
        secrets.append((texts[number] or "").partition(" ")[2])
    if plan.tokens:
        from ..texts.username_token import hidden_in  # few systems have one

        secrets += (text for number in plan.tokens for text in hidden_in(texts[number] or ""))
    return Hidden((*found, *secrets))


def _place_parts(plan: BuildPlan, tree: dict[str, object], texts: list[str | None]) -> Placed:
    """Take the parts that are arguments out of the tree, and put them beside the others."""
    placed: Placed = []
    value: object
    for entry, value in zip(plan.entries, texts, strict=True):
        if entry.key:
            value = tree.pop(entry.key, None)
            if entry.part.join and isinstance(value, list):
                # Without items there is nothing to join: it is left out, as a repeated name is.
                value = entry.part.join.join(texts_of(value)) if value else None
        if value is not None or entry.is_late:
            placed.append((entry, value))
    return placed


_PLACES = {
    "path": "the path, where it",
    "query": "the query, but it",
    "header": "a header, where it",
    "cookie": "a cookie, where it",
    "body": "the body, but it",
    "soap_header": "the SOAP header, but it",
    "soap_security": "the SOAP header, but it",
}
