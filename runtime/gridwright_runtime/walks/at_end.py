"""Judge at the end of a walk what none of its replies can tell alone."""

from typing import Any

from ..decodings.echoes import Answers
from ..errors import DeviationError
from ..interface import Operation
from ..problems import Deviation
from .pages import Pages, first_position

__all__ = ["AtEnd", "at_end_of"]


class AtEnd:
    """Which of the values that a walk asks for its replies are about, over all of them.

    Args:
        operation: what is called.
        is_strict: what is missing is an error.
    """

    def __init__(self, operation: Operation[Any], *, is_strict: bool) -> None:
        self._operation = operation
        self._is_strict = is_strict
        self._is_judged = False
        self.answers = Answers([frozenset()] * len(operation.reply.echoes))
        self.deviations: tuple[Deviation, ...] = ()

    def judge(self) -> None:
        """Find once what was asked for and no reply is about.

        Raises:
            DeviationError: there is something, and the walk is strict.
        """
        if self._is_judged:
            return
        self._is_judged = True
        reply = self._operation.reply
        self.deviations = tuple(self.answers.not_answered(reply, of_page=False))
        if self.deviations and self._is_strict:
            message = f"{self._operation.call}: the replies depart from the document"
            raise DeviationError(message, problems=self.deviations)


def at_end_of(
    operation: Operation[Any], pages: Pages, begin: Any, *, is_strict: bool
) -> AtEnd | None:
    """Return what a walk is judged by at its end; None: it asks for nothing that is told again.

    A walk that begins where another one ended does not know what came before.
    """
    is_whole = begin in ("", first_position(pages))
    if not is_whole or not any(echo.each for echo in operation.reply.echoes):
        return None
    return AtEnd(operation, is_strict=is_strict)
