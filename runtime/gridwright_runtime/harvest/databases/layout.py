"""How a lake is laid out: the version of its ledger, and what to do about another one."""

from collections.abc import Mapping

from .database import LedgerError

__all__ = ["LAYOUT", "LayoutError", "check_layout"]

LAYOUT = 1
"""Grows with a change after which earlier versions, or later ones, misread a lake."""


class LayoutError(LedgerError):
    """The lake was written by a version that lays it out otherwise; nothing was changed."""


def check_layout(facts: Mapping[str, str]) -> None:
    """Make sure that this version reads a lake.

    Args:
        facts: what its ledger says; none: it is new.

    Raises:
        LayoutError: it does not.
    """
    told = facts.get("layout", "")
    if told == str(LAYOUT):
        return
    # Before layouts had numbers, the plan stood there without what rows mean.
    if not told and ("plan" not in facts or '"meaning"' in facts["plan"]):
        return
    if told.isdecimal() and int(told) > LAYOUT:
        raise LayoutError(
            f"a later gridwright has written this lake (layout {told}, and this version reads "
            f"{LAYOUT}): install that version, which manifest.json names. Nothing was changed"
        )
    raise LayoutError(
        f"an earlier gridwright has written this lake (layout {told or 0}, and this version reads "
        f"{LAYOUT}). Take its values out with the version that manifest.json names, by `gridwright "
        "harvest export`, or read into another folder (--into). Nothing was changed"
    )
