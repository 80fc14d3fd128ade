"""Judge by a reply's own verdict whether the call succeeded."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache

from msgspec import structs

from ..interface import Case, ConsentRule, Format, Path, Verdict
from ..times.patterns import parse
from .decoded_body import Failure, Judged, Outside

__all__ = [
    "consent_day",
    "deciding_case",
    "documented_name",
    "element_names",
    "failure_of_entry",
    "field_names",
    "is_notice",
    "is_there",
    "judge",
    "mappings_in",
    "places_of",
    "text_of",
    "wire_names",
]


def judge(
    verdict: Verdict | None,
    format: Format,
    headers: Sequence[Mapping[str, object]],
    *,
    tree: Mapping[str, object] | None = None,
    outside: Outside = Outside(),  # noqa: B008  # frozen
    beside: Iterable[Mapping[str, object]] = (),
    notices: Iterable[Mapping[str, object]] = (),
) -> Judged:
    """Judge a reply.

    Args:
        verdict: where and how success and failure are said; None: nowhere.
        format: the format of the reply.
        headers: what stands where the verdict has its place.
        tree: the message; None: no case asks for anything in it.
        outside: what there is of the reply beside it.
        beside: what else the message holds, where a failure may stand anywhere in it.
        notices: elements of the list that speak of success or failure.
    """
    if verdict is None:
        return Judged()
    if verdict.cases:
        case = deciding_case(verdict, headers, {} if tree is None else tree, outside)
        if case is not None:
            return _decided(verdict, case, headers)
    judged = _judged(verdict, format, headers, beside, notices)
    return judged if not verdict.cases else structs.replace(judged, verdict=verdict)


def deciding_case(
    verdict: Verdict,
    headers: Sequence[Mapping[str, object]],
    tree: Mapping[str, object],
    outside: Outside,
) -> Case | None:
    """Return the first case that holds."""
    said = [_verdict_texts(verdict, [header]) for header in headers]
    below = below_root(verdict, tree, outside.root)
    root = outside.root or only_item(tree)
    for case in verdict.cases:
        if case.statuses and not {outside.status, outside.status // 100} & {*case.statuses}:
            continue
        if case.roots and root not in case.roots:
            continue
        if case.has and not is_there(below, case.has, outside):
            continue
        if case.lacks and is_there(below, case.lacks, outside):
            continue
        if not (case.when or case.contains) or any(_speaks_of(case, one) for one in said):
            return case
    return None


def _speaks_of(case: Case, said: Mapping[str, list[str]]) -> bool:
    """Say whether one place of a verdict has all that a case asks of its fields."""
    for name, values in case.when.items():
        # An empty text also stands for a field that is missing, as among values of success.
        if not any(text.strip() in values for text in said.get(name, [""])):
            return False
    return all(
        any(_squeezed(wanted) in _squeezed(text) for text in said.get(name, ()))
        for name, wanted in case.contains.items()
    )


def _decided(verdict: Verdict, case: Case, headers: Sequence[Mapping[str, object]]) -> Judged:
    shown = _header(verdict, headers[0]) if headers else None
    if case.meaning is None:
        return Judged(verdict=verdict, is_said=True, header=shown)
    # Of several places, the one that the case speaks of.
    said = [_verdict_texts(verdict, [header]) for header in headers]
    one = next((one for one in said if _speaks_of(case, one)), {})
    failure = Failure(
        code=_bad_code(verdict, one),
        text=next(iter(one.get(verdict.message, ())), None),
        kind=next(iter(one.get(verdict.kind, ())), None),
        meaning=case.meaning,
    )
    return Judged(verdict=verdict, failure=failure, header=shown)


def is_there(tree: object, path: Path, outside: Outside) -> bool:
    """Say whether something is at the end of a path; lists on the way are walked item by item.

    What is null is not there, and what is merely empty is.
    """
    if outside.taken[: len(path)] == path and outside.taken:
        return True
    if not path:
        return tree is not None
    if isinstance(tree, list):
        return any(is_there(item, path, outside) for item in tree)
    if not isinstance(tree, Mapping) or path[0] not in tree:
        return False
    # XML has nothing that is null: an empty element is there.
    if len(path) == 1 and outside.root:
        return True
    return is_there(tree[path[0]], path[1:], outside)


def _judged(
    verdict: Verdict,
    format: Format,
    headers: Sequence[Mapping[str, object]],
    beside: Iterable[Mapping[str, object]],
    notices: Iterable[Mapping[str, object]],
) -> Judged:
    if not (headers or beside or notices):
        return _judged_unsaid(verdict, format)
    has_fields = format in verdict.formats
    if has_fields and len(headers) == 1 and not (verdict.in_list or verdict.consent):
        judged = _plain_success(verdict, headers[0])
        if judged is not None:
            return judged
    shown = _header(verdict, headers[0]) if headers else None
    # Where failures come in pieces, words alone are one, wherever they stand.
    alone = verdict.in_list or not has_fields
    said = [_verdict_texts(verdict, [header]) for header in headers]
    failures = [_failure(verdict, one, alone=alone) for one in said]
    if verdict.in_list:
        failures += [
            _failure(verdict, _verdict_texts(verdict, one), alone=True) for one in (beside, notices)
        ]
    failure = next(filter(None, failures), None)
    if failure is not None:
        return Judged(failure=failure, header=shown)
    success = verdict.success
    names = {name for one in said for name in one}
    return Judged(
        is_said=not names.isdisjoint(success),
        is_missing=has_fields
        and any(name not in names and "" not in success[name] for name in success),
        header=shown,
    )


def is_notice(verdict: Verdict | None, item: Mapping[str, object]) -> bool:
    """Say whether an element of a list speaks of success or failure."""
    return verdict is not None and verdict.in_list and any(n in item for n in wire_names(verdict))


@cache
def field_names(verdict: Verdict) -> tuple[str, ...]:
    """Return the documented names by which a reply speaks of success or failure."""
    cases = (name for case in verdict.cases for name in (*case.when, *case.contains))
    names = (verdict.code, verdict.message, verdict.kind, *verdict.success, *cases)
    return tuple(dict.fromkeys(filter(None, names)))


@cache
def wire_names(verdict: Verdict) -> tuple[str, ...]:
    """Return every name by which a reply speaks of success or failure."""
    names = field_names(verdict)
    return (*names, *(also for also, name in verdict.also.items() if name in names))


def element_names(verdict: Verdict, step: str) -> tuple[str, ...]:
    """Return the names that one step of the way to a verdict goes by, the documented one first."""
    return (step, *(also for also, name in verdict.also.items() if name == step))


def documented_name(verdict: Verdict, wire: str) -> str:
    """Return the name that the document has for one on the wire."""
    return verdict.also.get(wire, wire)


def places_of(
    verdict: Verdict | None, tree: Mapping[str, object], root: str = ""
) -> list[tuple[str, Mapping[str, object]]]:
    """Return what stands where a verdict has its place, each with the name of its element.

    Args:
        verdict: whose place; None: it has none.
        tree: the message.
        root: the name of its root element, which is not in the tree; empty in JSON.
    """
    if verdict is None:
        return []
    if verdict.root and verdict.root != (root or only_item(tree)):
        return []
    found = [("", below_root(verdict, tree, root))]
    for step in verdict.under:
        found = [
            (name, item)
            for _name, holder in found
            for name in element_names(verdict, step)
            for item in _as_list(holder.get(name))
            if isinstance(item, Mapping)
        ]
    return found


def only_item(tree: Mapping[str, object]) -> str:
    """Return the name of the only item of a message, which stands for its root in JSON."""
    only = next(iter(tree)) if len(tree) == 1 else ""
    return only if isinstance(tree.get(only), Mapping) else ""


def below_root(verdict: Verdict, tree: Mapping[str, object], root: str) -> Mapping[str, object]:
    """Return what stands below the root of a message: in JSON, below a root that is documented.

    Args:
        verdict: which names roots.
        tree: the message.
        root: the name of its root element, which is not in the tree; empty in JSON.
    """
    if root or not (verdict.root or verdict.cases):
        return tree
    only = only_item(tree)
    known = {verdict.root, *(name for case in verdict.cases for name in case.roots)}
    inner = tree[only] if only and only in known else tree
    return inner if isinstance(inner, Mapping) else tree


def mappings_in(
    tree: Mapping[str, object], without: Sequence[object] = ()
) -> Iterator[Mapping[str, object]]:
    """Yield a mapping and those within it: a failure may stand under a name nobody documented.

    Args:
        tree: where to begin.
        without: objects to leave out with all that they hold, by identity.
    """
    left_out = {id(one) for one in without}
    waiting = [tree]
    while waiting:
        found = waiting.pop()
        yield found
        for value in found.values():
            if id(value) not in left_out:
                waiting.extend(
                    item
                    for item in _as_list(value)
                    if isinstance(item, Mapping) and id(item) not in left_out
                )


def consent_day(rule: ConsentRule, text: str) -> date | None:
    """Return the day from which on a customer has consented; None where none can be read."""
    found = re.search(rule.date_pattern, text, re.ASCII)
    found = found or re.search(rule.date_pattern, _without_blanks(text), re.ASCII)
    try:
        day = parse("yyyymmdd", found[1]) if found else None
    except ValueError:
        return None
    return day if isinstance(day, date) else None


def text_of(value: object) -> str:
    """Return a value as a text, JSON's true and false included; empty where it is missing."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | list):
        return _NO_SCALAR if value else ""
    if isinstance(value, Decimal):
        return format(value, "f") if abs(value.adjusted()) < 100 else str(value)
    return "" if value is None else str(value)


def failure_of_entry(verdict: Verdict, entry: Mapping[str, object]) -> Failure | None:
    """Return what an entry of a list of failures stands for; None: a case says that it is none."""
    case = deciding_case(verdict, (entry,), entry, Outside())
    if case is not None:
        return _decided(verdict, case, (entry,)).failure
    said = _verdict_texts(verdict, (entry,))
    texts = said.get(verdict.message, [])
    sentence = _without_blanks(verdict.consent.sentence) if verdict.consent else ""
    return Failure(
        code=_bad_code(verdict, said),
        text=next(iter(texts), None),
        kind=next(iter(said.get(verdict.kind, ())), None),
        is_consent=bool(sentence) and any(sentence in _without_blanks(text) for text in texts),
    )


@cache
def _judged_unsaid(verdict: Verdict, format: Format) -> Judged:
    """Judge a reply that has nothing where a verdict could stand."""
    is_needed = not verdict.is_optional and any(
        "" not in values for values in verdict.success.values()
    )
    return Judged(is_missing=format in verdict.formats and is_needed)


def _plain_success(verdict: Verdict, header: Mapping[str, object]) -> Judged | None:
    """Judge a header that is just as a success has it; None: a closer look is needed."""
    names, success = field_names(verdict), verdict.success
    if not success:
        return None
    if len(header) != len(names) and (
        verdict.under or not _further_names(verdict).isdisjoint(header)
    ):
        return None
    shown: dict[str, str | None] = {}
    for name in names:
        value = header.get(name)
        if type(value) is not str or not value or value.isspace():
            return None
        if name in success and value not in success[name]:
            return None
        shown[name] = value
    return Judged(is_said=True, header=shown)


@cache
def _further_names(verdict: Verdict) -> frozenset[str]:
    """Return what the header of a verdict may show beside what the verdict looks at."""
    return frozenset((*verdict.also, *verdict.fields)).difference(field_names(verdict))


def _failure(verdict: Verdict, said: Mapping[str, list[str]], *, alone: bool) -> Failure | None:
    """Return the failure that is said in one place, if one is.

    With ``alone``, the fields stand there for a failure alone: what has them is one, unless it
    says success.
    """
    texts = said.get(verdict.message, [])
    text = texts[0] if texts else None
    kind = next(iter(said.get(verdict.kind, ())), None)
    for one in texts:
        if verdict.consent and _without_blanks(verdict.consent.sentence) in _without_blanks(one):
            return Failure(code=_bad_code(verdict, said), text=one, kind=kind, is_consent=True)
    signals = [name for name in verdict.success if said.get(name)]
    if any(value.strip() not in verdict.success[name] for name in signals for value in said[name]):
        return Failure(code=_bad_code(verdict, said), text=text, kind=kind)
    if not alone and verdict.success:
        return None
    if verdict.cases and not verdict.success:
        known = (code.strip() for code in said.get(verdict.code, ()))
        code = next((code for code in known if code in verdict.errors), None)
        if code is None and kind not in verdict.kinds:
            return None  # nothing speaks against it
        return Failure(code=code or _bad_code(verdict, said), text=text, kind=kind)
    codes = said.get(verdict.code)
    if codes and verdict.code not in verdict.success:
        return Failure(code=codes[0].strip(), text=text, kind=kind)
    if text and not signals:
        return Failure(text=text, kind=kind)
    return None


def _verdict_texts(verdict: Verdict, group: Iterable[Mapping[str, object]]) -> dict[str, list[str]]:
    """Gather what mappings say, by documented name; blank values say nothing."""
    names = field_names(verdict)
    said: dict[str, list[str]] = {}
    for item in group:
        for wire, value in item.items():
            name = verdict.also.get(wire, wire)
            if name not in names:
                continue
            for one in value if type(value) is list else (value,):
                if type(one) is str:
                    if one.strip():
                        said.setdefault(name, []).append(one)
                    continue
                if one is False and "" in verdict.success.get(name, ()):
                    continue  # no error
                # No verdict is written as an object. Words are, in places that nobody documented.
                if name == verdict.message and isinstance(one, Mapping | list):
                    continue
                text = text_of(one)
                if text.strip():
                    said.setdefault(name, []).append(text)
    return said


def _bad_code(verdict: Verdict, said: Mapping[str, list[str]]) -> str | None:
    codes = [code.strip() for code in said.get(verdict.code, ())]
    successes = verdict.success.get(verdict.code, ())
    return next((code for code in codes if code not in successes), codes[0] if codes else None)


def _header(verdict: Verdict, fields: Mapping[str, object]) -> dict[str, str | None]:
    """Return the fields of a verdict under documented names, missing values as None."""
    # An element of its own is shown whole; one that also holds the payload is not.
    known = () if verdict.under else (*field_names(verdict), *verdict.fields)
    shown: dict[str, str | None] = {}
    for wire, value in fields.items():
        name = verdict.also.get(wire, wire)
        if (known and name not in known) or isinstance(value, Mapping | list):
            continue
        text = value if type(value) is str else text_of(value)
        shown[name] = text if text.strip() else None
    return shown


def _as_list(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else (value,)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _without_blanks(text: str) -> str:
    return "".join(text.split())


_NO_SCALAR = "(not a text)"
