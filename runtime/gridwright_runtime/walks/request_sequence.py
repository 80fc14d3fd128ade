"""Choose the sequence of requests that reads a long answer, by pages, chunks or both."""

from collections.abc import Sequence
from typing import Any, assert_never

from ..interface import Operation
from .anchored import Pager, wrong_argument
from .cuts import Cuts
from .following import Follower
from .links import hidden_names
from .pages import Links, Numbers, Offsets, Pages, Rows, Tokens, Undivided
from .walk import RequestSequence

__all__ = ["choose_sequence"]


def choose_sequence(
    operation: Operation[Any],
    pages: Pages,
    begin: Any,
    page_size: int,
    *,
    cuts: Cuts | None = None,
    period: tuple[Any, Any] | None = None,
    items: Sequence[Any] | None = None,
) -> RequestSequence:
    """Return the sequence of requests of a walk.

    Args:
        operation: what is called.
        pages: how a page is asked for.
        begin: where to begin: what ``position`` of another walk said, or the first record.
        page_size: how many records to ask for at once.
        cuts: what one call may hold; None: the question is never cut.
        period: first and last moment of the question, where it may be cut.
        items: the list of the question, where it may be cut.

    Raises:
        InvalidRequestError: ``begin`` or ``page_size`` cannot be meant.
    """
    call = operation.call

    def make(inner: Any) -> RequestSequence:
        match pages.form:
            case Tokens() | Links() | Undivided():
                return Follower(call, pages, inner, page_size, hidden_names(operation))
            case Rows() | Numbers() | Offsets():
                return Pager(call, pages, inner, page_size)
            case _:
                assert_never(pages.form)

    if cuts is None:
        return make(begin)
    from .chunks import ChunkedSequence, chunks_of

    def make_at(inner: str) -> RequestSequence:
        if isinstance(pages.form, Tokens | Links | Undivided):
            return make(inner)
        if inner and not (inner.isascii() and inner.isdigit()):
            raise wrong_argument(call, "begin", "must be what `position` of another walk said")
        return make(int(inner or "1"))

    chunks = chunks_of(cuts, period, items)
    shape = (cuts.period is not None, cuts.items is not None)
    return ChunkedSequence(call, pages, cuts, chunks, begin, make_at, shape)
