"""Compare two interfaces: the pure heart of `gridwright diff`. Never reads files, never prints."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gridwright.diagnostics import Span
from gridwright.diff.catalogue import CATALOGUE
from gridwright.diff.index import Index
from gridwright.diff.match import Names
from gridwright.diff.places import Path, renamed_paths, write_path
from gridwright.diff.rule import ChangeRule, RuleFinding, Spot
from gridwright.diff.rules.access import (
    compare_certificate,
    compare_credentials,
    compare_logins,
    compare_servers,
    match_credentials,
    match_servers,
)
from gridwright.diff.rules.amendments import compare_amendments
from gridwright.diff.rules.codes import compare_codes
from gridwright.diff.rules.documents import compare_document
from gridwright.diff.rules.envelopes import compare_envelopes
from gridwright.diff.rules.limits import compare_limits
from gridwright.diff.rules.namespaces import compare_namespaces
from gridwright.diff.rules.operations import compare_operations, match_operations
from gridwright.diff.rules.recorded import compare_recorded
from gridwright.diff.rules.records import compare_records
from gridwright.diff.rules.soap import compare_soap
from gridwright.diff.rules.statuses import compare_statuses
from gridwright.diff.rules.units import compare_units
from gridwright.diff.rules.unsaid import compare_left_out
from gridwright.diff.rules.uses import match_used
from gridwright.diff.verdicts import Change, ChangeSide, DocumentReading, Level, Verdicts, Wire
from gridwright.ir import Basis, Citation

__all__ = ["compare", "compare_systems"]


def compare_systems(old: Mapping[str, Index], new: Mapping[str, Index]) -> tuple[Change, ...]:
    """Compare all systems of two sides; worst changes first within a system."""
    changes: list[Change] = []
    for system in sorted({*old, *new}):
        one, other = old.get(system), new.get(system)
        if one is not None and other is not None:
            changes += compare(one, other)
        elif one is not None:
            found = _whole(system, one).gone().found("system-removed")
            changes += _changes(system, [found], one, one, DocumentReading.CORRECTION)
        elif other is not None:
            found = _whole(system, other).added().found("system-added")
            changes += _changes(system, [found], other, other, DocumentReading.CORRECTION)
    return tuple(changes)


def compare(old: Index, new: Index) -> tuple[Change, ...]:
    """Compare two interfaces of one system.

    Returns:
        The changes: worst first, then in the order of the files.
    """
    found = tuple(_find_changes(old, new))
    renamed = renamed_paths(((item.spot.old, item.spot.new) for item in found), new.places)
    found += tuple(compare_amendments(old, new, renamed))
    found += tuple(compare_recorded(old.places.root, new.places.root, found, renamed))
    edition = any(CATALOGUE[item.rule].reading is DocumentReading.EDITION for item in found)
    otherwise = DocumentReading.EDITION if edition else DocumentReading.CORRECTION
    changes = _changes(new.interface.system, found, old, new, otherwise)
    return tuple(sorted(changes, key=_order))


def _find_changes(old: Index, new: Index) -> Iterator[RuleFinding]:
    servers = match_servers(old.interface, new.interface)
    operations = match_operations(old.interface, new.interface)
    credentials = match_credentials(old.interface, new.interface)
    records, codes = match_used(old.interface, new.interface, operations)
    names = Names(
        records={one.name: other.name for one, other in records.pairs},
        codes={one.name: other.name for one, other in codes.pairs},
        servers={one.name: other.name for one, other in servers.pairs},
        operations={one.name: other.name for one, other in operations.pairs},
        credentials={one.name: other.name for one, other in credentials.pairs},
        nowhere=(_nowhere(old), _nowhere(new)),
    )
    yield from compare_document(old, new)
    yield from compare_servers(old, new, servers)
    yield from compare_credentials(credentials)
    yield from compare_certificate(old.interface, new.interface)
    yield from compare_logins(old, new, names)
    yield from compare_statuses(
        Spot(what="statuses", old=("statuses",), new=("statuses",)),
        old.interface.statuses,
        new.interface.statuses,
    )
    yield from compare_soap(old, new, names)
    yield from compare_limits(old, new, names)
    yield from compare_codes(old, new, codes, names)
    yield from compare_units(old, new)
    yield from compare_namespaces(old, new)
    yield from compare_envelopes(old, new)
    yield from compare_records(old, new, records, names)
    yield from compare_operations(operations, names)
    yield from compare_left_out(old, new)


def _nowhere(side: Index) -> frozenset[str]:
    return frozenset(server.name for server in side.interface.servers if not server.address)


def _whole(system: str, side: Index) -> Spot:
    span = side.interface.span
    return Spot(what=system, old=(), new=(), spans=(span, span))


def _changes(
    system: str, found: Iterable[RuleFinding], old: Index, new: Index, otherwise: DocumentReading
) -> list[Change]:
    changes: list[Change] = []
    seen: Counter[str] = Counter()
    for item in found:
        rule, spot = CATALOGUE[item.rule], item.spot
        path = spot.new if spot.old is None else spot.old
        place = write_path(path or ())
        key = "\0".join((system, item.rule, place, item.old, item.new))
        seen[key] += 1
        if seen[key] > 1:  # one fact that two comparisons come by is one change
            continue
        laid, lifted = _amendments(spot, old, new)
        changes.append(
            Change(
                rule=item.rule,
                system=system,
                place=place,
                what=spot.what,
                old=_end(old, spot.old, spot.spans[0], spot.cites[0], item.old),
                new=_end(new, spot.new, spot.spans[1], spot.cites[1], item.new),
                verdicts=_verdicts(rule, spot, otherwise, any((laid, lifted))),
                callers=_advice(rule, spot, item),
                amendments=laid,
                withdrawn=lifted,
                note=_note(spot),
                fingerprint=hashlib.sha256(key.encode()).hexdigest()[:12],
            )
        )
    return changes


def _verdicts(rule: ChangeRule, spot: Spot, otherwise: DocumentReading, is_ruled: bool) -> Verdicts:
    reading = rule.reading or otherwise
    if rule.reading is None and is_ruled:
        reading = DocumentReading.RULING
    return Verdicts(
        reading=reading,
        document=rule.document,
        wire=Wire(Level.NONE, Level.NONE) if spot.wire_idle else rule.wire,
        python=Level.NONE if spot.python_idle else rule.python,
    )


def _amendments(spot: Spot, old: Index, new: Index) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the amendments that make the difference, and those whose withdrawal does.

    An amendment that is the change itself counts, too.
    """
    if spot.new is not None and spot.new[:1] == ("amendments",):
        return spot.new[1:2], ()
    if spot.old is not None and spot.old[:1] == ("amendments",):
        return (), spot.old[1:2]
    before, after = (
        {*(cite.amended if cite else ()), *(side.places.amended(path) if path else ())}
        for side, path, cite in zip((old, new), (spot.old, spot.new), spot.cites, strict=True)
    )
    return tuple(sorted(after - before)), tuple(sorted(before - after))


def _advice(rule: ChangeRule, spot: Spot, found: RuleFinding) -> str:
    if spot.wire_idle and spot.python_idle:
        return ""
    return (
        # What stands alone in a sentence is shown as code, too.
        re.sub(r"(?<!`)\{what\}", "`{what}`", rule.callers)
        .replace("{what}", spot.what)
        .replace("{old}", found.old)
        .replace("{new}", found.new)
    )


def _note(spot: Spot) -> str:
    idle = dict.fromkeys(filter(None, (spot.wire_idle, spot.python_idle)))
    return "; ".join(filter(None, (spot.concerns, *idle)))


def _end(
    side: Index, path: Path | None, own: Span | None, cite: Citation | None, text: str
) -> ChangeSide | None:
    if path is None:
        return None
    span = side.places.span(path) or own or side.places.nearest(path)
    document = side.interface.document.file
    return ChangeSide(span=span, document=document, lines=_lines(cite, side, path), text=text)


def _lines(cite: Citation | None, side: Index, path: Path) -> str:
    """Name the lines of a fact; those that the place itself cites count before its thing's."""
    known = str(cite) if cite is not None and cite.lines else ""
    own = side.places.cited(path, depth=1 if cite is not None else len(path))
    lines = known if {*own.split(", ")} <= {*known.split(", ")} else own or known
    if lines:
        return f"line{'s' if set(lines) & set(',-') else ''} {lines}"
    return cite.basis.value if cite is not None and cite.basis is not Basis.DOCUMENT else ""


def _order(change: Change) -> tuple[object, ...]:
    end = change.new or change.old
    levels: Sequence[Level] = tuple(Level)
    place = (end.span.file, end.span.line, end.span.column) if end else ("", 0, 0)
    return (-levels.index(change.level), *place, change.rule, change.place)
