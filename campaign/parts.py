"""The parts of the campaign, in the order in which they run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from campaign.rows import Row

__all__ = ["PARTS", "Form"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How much to try."""

    seed: int
    is_short: bool
    processes: int
    replies: int


def _replies(form: Form) -> list[Row]:
    from campaign import corpus, replies

    with TemporaryDirectory() as folder:
        known = [*corpus.samples(), *corpus.combined(6 if form.is_short else 30, Path(folder))]
    return replies.campaign(known, form.replies, form.seed, form.processes)


PARTS: Mapping[str, Callable[[Form], list[Row]]] = {
    "replies": _replies,
}
"""Each loads what it needs when it runs."""
