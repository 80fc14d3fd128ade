"""Read the replies of one call, and let limits know what they say of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..interface import Format, Operation
from ..limits.turns import Touched
from ..message import Hidden, RawReply
from ..options.call_options import CallOptions
from ..options.settings import Settings
from ..record import Record
from ..sending.conversation import Draft
from .touched import note_named, note_used_up

if TYPE_CHECKING:
    from ..decodings.echoes import Asked
    from ..decodings.reader import Circumstances
    from ..sending.download import FileSink

__all__ = ["ReplyReader"]


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class ReplyReader:
    """Reads the replies of one call.

    Attributes:
        settings: of the client.
        operation: what is called.
        arguments: what it is asked with.
        options: what the call was told beside them.
        format: what is asked for.
        draft: what is sent.
        touched: what the call touches, by what limits call it.
        sink: where the file goes that a reply brings; None: it brings none.
    """

    settings: Settings
    operation: Operation[Any]
    arguments: Record
    options: CallOptions
    format: Format
    draft: Draft
    touched: Touched
    sink: FileSink | None

    def read(self, raw: RawReply, hide: Hidden) -> Any:
        """Return what a reply brings, or a `Refused`; ``hide`` is what no text may show."""
        from ..decodings.reader import read_reply  # not needed before the first reply

        turns, operation = self.settings.turns, self.operation
        found = read_reply(
            operation,
            raw,
            format=self.format,
            strict=self.settings.is_strict(self.options.get("strict")),
            circumstances=self._circumstances(raw, hide),
        )
        if turns is None:
            return found
        if self.is_refused(found):
            note_used_up(turns, operation, found, self.touched)
        elif operation.same:
            note_named(turns, operation, self.arguments, found)
        return found

    def is_refused(self, found: object) -> bool:
        """Say whether what was read is a failure."""
        from ..decodings.reader import Refused

        return isinstance(found, Refused)

    @property
    def may_be_used_up(self) -> bool:
        """Whether some refusal says that a limit is used up, after which nothing is repeated."""
        return _may_be_used_up(self.operation)

    def _circumstances(self, raw: RawReply, hide: Hidden) -> Circumstances:
        from ..decodings.reader import Circumstances

        system, operation = self.settings.system, self.operation
        opens_at = None
        if system.limits and raw.status_code >= 400 and raw.received_at is not None:
            from ..limits.reopening import opening_after  # most replies say that it is open

            opens_at = opening_after(system.limits, operation.name, raw.received_at)
        steps = [step for step in system.steps if step.name in self.draft.steps]
        scopes: tuple[str, ...] = ()
        if steps and raw.status_code in (401, 403):
            from ..decodings.rights import scopes_asked  # most calls succeed

            scopes = scopes_asked(steps)
        return Circumstances(
            hide=hide,
            identity=self.draft.identity,
            opens_at=opens_at,
            refused=tuple(status for step in steps for status in step.refused),
            scopes=scopes,
            download=self.sink.download if self.sink is not None else None,
            asked=_requested_values(operation, self.arguments) if operation.reply.echoes else (),
            most_bytes=self.settings.max_body_bytes,
            keeps_failures=self.options.get("keeps_failures", False),
            walked=self.options.get("walked"),
        )


def _requested_values(operation: Operation[Any], arguments: Record) -> Asked:
    from ..decodings.echoes import requested_values  # few operations have such replies

    return requested_values(operation.reply, arguments)


@lru_cache(maxsize=1024)
def _may_be_used_up(operation: Operation[Any]) -> bool:
    meanings = [
        *operation.statuses.values(),
        *(known for verdict in operation.verdicts for known in verdict.errors.values()),
        *(case.meaning for verdict in operation.verdicts for case in verdict.cases),
    ]
    return any(meaning is not None and meaning.breaks for meaning in meanings)
