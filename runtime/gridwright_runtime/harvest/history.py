"""Decide whether a harvest may continue a lake, and list what has changed since the lake began.

Only what would give rows another meaning than those that are there stops a lake. All else goes on,
such as a newer version, a text of the description that was corrected, or an earlier first day; it
is kept, with the time, and stands in the manifest.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from .ledger import Ledger
from .manifest import gridwright_version
from .meaning import ARGUMENT, PLAN, Difference, Meaning, added_to, differences
from .plan import Plan, PlanError

__all__ = ["Lake", "continue_lake"]


class Lake(NamedTuple):
    """A lake as it goes on."""

    plan: Plan
    """Its first day is the earliest that the lake ever had."""
    cuts: tuple[date, ...]
    """Former first days: windows that are there begin at them."""
    notes: tuple[str, ...]
    """What has changed since the run before."""


class _Kept(Struct, kw_only=True):
    """What the ledger knows of a lake."""

    plan: Plan
    meaning: Meaning
    cuts: list[date] = []
    history: list[dict[str, Any]]


def continue_lake(
    ledger: Ledger, plan: Plan, meaning: Meaning, about: Mapping[str, Any], now: datetime
) -> Lake:
    """Begin a lake, or go on with it.

    Args:
        ledger: of the lake.
        plan: what is read.
        meaning: what its rows mean; see `meaning_of`.
        about: which description it is read by.
        now: the time, aware.

    Raises:
        PlanError: rows that would be read mean something else than those that are there.
    """
    with ledger.changing():
        told = ledger.fact("plan")
        entry = {"at": now.isoformat(), "gridwright": gridwright_version(), **about}
        if not told:
            _keep(ledger, _Kept(plan=plan, meaning=meaning, history=[entry]))
            return Lake(plan, (), ())
        kept = msgspec.json.decode(told, type=_Kept)
        if found := differences(kept.meaning, meaning):
            raise PlanError(_describe_differences(found, kept))
        lake, changed = _merged(kept, plan), _changed(kept, plan, meaning)
        last = kept.history[-1]
        if changed or any(last.get(name) != entry[name] for name in entry if name != "at"):
            kept.history.append(entry | ({"changed": changed} if changed else {}))
        kept.meaning = {**kept.meaning, **meaning}
        kept.plan, kept.cuts = lake.plan, list(lake.cuts)
        _keep(ledger, kept)
    if plan.since > lake.plan.since:
        changed.append(f"the lake begins on {lake.plan.since} already")
    return lake._replace(notes=tuple(changed))


def _keep(ledger: Ledger, kept: _Kept) -> None:
    ledger.set_fact("plan", msgspec.json.encode(kept).decode())


def _merged(kept: _Kept, plan: Plan) -> Lake:
    """Return the plan with the first day of the lake, and where its windows begin anew."""
    since = min(plan.since, kept.plan.since)
    cuts = set(kept.cuts)
    if since < kept.plan.since:
        cuts.add(kept.plan.since)
    return Lake(replace(plan, since=since), tuple(sorted(cuts)), ())


def _changed(kept: _Kept, plan: Plan, meaning: Meaning) -> list[str]:
    before = kept.plan
    found = [f"new: {about}; earlier rows lack it" for about in added_to(kept.meaning, meaning)]
    if plan.since < before.since:
        found.append(f"the lake began on {before.since}, and begins on {plan.since}")
    for name in ("published_seconds", "corrected_seconds"):
        one, other = getattr(before, name), getattr(plan, name)
        if one != other:
            found.append(f"{name} was {one:g}, and is {other:g}")
    return found


def _describe_differences(found: list[Difference], kept: _Kept) -> str:
    """Say what differs, and what to do."""
    lines = "".join(f"\n  {one.text}" for one in found)
    before = kept.meaning[PLAN]
    options = [
        f"{option} {before[one.name]}" if one.name in before else f"no {option}"
        for one in found
        if one.about == PLAN and (option := _OPTIONS.get(one.name))
    ]
    options += [
        f"{'the same' if one.before else 'no'} --{one.about.removeprefix(ARGUMENT)}"
        for one in found
        if one.about.startswith(ARGUMENT)
    ]
    again = f"give {', '.join(options)}" if options else ""
    if any(one.about != PLAN and not one.about.startswith(ARGUMENT) for one in found):
        made = kept.history[0]["gridwright"]
        again = f"{again}, and " if again else ""
        again += f"take the package as it was (manifest.json has the spec; gridwright {made})"
    return (
        f"what this lake holds means something else than what would be read:{lines}\n"
        f"To go on with it, {again}; else read into another folder (--into). Nothing was changed."
    )


_OPTIONS = {
    "subject": "--each",
    "window": "--window",
    "step": "--step",
    "window end": "--window-end",
    "key": "--key",
    "zone": "--zone",
    "label marks": "--label-marks",
    "repeated": "--repeated",
}
