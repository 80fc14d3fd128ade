"""What the bench finds: one row per comparison, with its target and its verdict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Bound", "Estimate", "Row", "Target", "Verdict"]

Bound = Literal["at least", "at most"]
Verdict = Literal["met", "borderline", "missed", "no target", "did not run"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a row should come to."""

    bound: Bound
    value: float

    def is_met(self, measured: float) -> bool:
        """Say whether a figure is on the right side."""
        return measured >= self.value if self.bound == "at least" else measured <= self.value


@dataclass(frozen=True, slots=True)
class Estimate:
    """One figure, estimated twice.

    Attributes:
        best: from the fastest round of each side, which others disturbed least.
        median: over the rounds, each side compared with the other in the same round.
    """

    best: float
    median: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table.

    Attributes:
        name: for ``--only``, group first: ``json-pydantic``.
        what: what is compared with what.
        unit: ``x speed``, ``x time``, ``x memory``, ``x rate``, ``MB``, ``s``, ``ms`` or
            ``us``, microseconds.
        estimate: what was measured; None where that was not possible.
        target: what it should come to; None: for information.
        compared: how many values of both sides were compared, and found equal.
        details: further figures for the JSON file.
        reason: why nothing was measured.
    """

    name: str
    what: str
    unit: str
    estimate: Estimate | None
    target: Target | None
    compared: int
    details: Mapping[str, float] = field(default_factory=dict)
    reason: str = ""

    @property
    def verdict(self) -> Verdict:
        """Whether the target is met; borderline where the two estimates disagree."""
        if self.estimate is None:
            return "did not run"
        if self.target is None:
            return "no target"
        met = {self.target.is_met(self.estimate.best), self.target.is_met(self.estimate.median)}
        if met == {True, False}:
            return "borderline"
        return "met" if True in met else "missed"
