"""Judge at the end of a walk what none of its replies can tell alone."""

from collections.abc import Iterable, Sequence
from typing import Any

from ..decodings.echoes import Answers
from ..errors import DeviationError
from ..interface import Operation
from ..problems import Deviation, Problem
from .pages import Pages, first_position

__all__ = ["AtEnd", "at_end_of", "refuse_partial"]


class AtEnd:
    """Which of the values that a walk asks for its replies are about, and whether all came.

    Args:
        operation: what is called.
        is_strict: what is missing is an error.
        is_told: the replies tell which values they are about, to a walk that knows all of them.
    """

    def __init__(self, operation: Operation[Any], *, is_strict: bool, is_told: bool) -> None:
        self._operation = operation
        self._is_strict = is_strict
        self._is_judged = False
        echoes = operation.reply.echoes
        self.answers = Answers([frozenset()] * len(echoes)) if is_told else None
        self.deviations: tuple[Deviation, ...] = ()

    def judge(self, miscounts: Sequence[tuple[int, int]]) -> None:
        """Find once what was asked for and no reply is about, and what never came.

        Args:
            miscounts: how many records came, and of how many, where that is too few or too many.

        Raises:
            DeviationError: there is something, and the walk is strict.
        """
        if self._is_judged:
            return
        self._is_judged = True
        reply = self._operation.reply
        unanswered: Iterable[Deviation] = ()
        if self.answers is not None:
            unanswered = self.answers.not_answered(reply, of_page=False)
        self.deviations = (*unanswered, *map(_miscounted, miscounts))
        if self.deviations and self._is_strict:
            message = f"{self._operation.call}: the replies depart from the document"
            raise DeviationError(message, problems=self.deviations)


def at_end_of(
    operation: Operation[Any], pages: Pages, begin: Any, *, is_strict: bool
) -> AtEnd | None:
    """Return what a walk is judged by at its end; None: its replies tell nothing of the whole.

    A walk that begins where another one ended does not know what came before.
    """
    is_whole = begin in ("", first_position(pages))
    is_told = is_whole and any(echo.each for echo in operation.reply.echoes)
    if not is_told and not pages.says_total:
        return None
    return AtEnd(operation, is_strict=is_strict, is_told=is_told)


def refuse_partial(call: str, deviations: Sequence[Deviation]) -> None:
    """Refuse a search that did not bring all that it found.

    Args:
        call: the operation that searches.
        deviations: of all its replies.

    Raises:
        DeviationError: what was sent may be among what did not come.
    """
    partial = [one for one in deviations if one.rule in _PARTIAL]
    if partial:
        message = f"{call}: not all that the search found has come, so that nobody knows what is "
        message += "not stored; search again"
        raise DeviationError(message, problems=partial)


def _miscounted(miscount: tuple[int, int]) -> Deviation:
    came, total = miscount
    rule = "fewer-than-total" if came < total else "more-than-total"
    message = f"the pages say that there are {total} records, and {came} have come"
    return Problem(path="", wire="", rule=rule, message=message)


_PARTIAL = frozenset({"fewer-than-total", "partial-content"})
"""The rules of deviations by which records are missing."""
