"""The options that one call may have beside its arguments."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, TypedDict

from ..interface import Format

if TYPE_CHECKING:
    from ..decodings.echoes import Answers
    from ..multipart.attachment import Attachment
    from ..multipart.upload import Progress
    from ..sending.download import Destination

__all__ = ["CallOptions"]


class CallOptions(TypedDict, total=False):
    """The options of a call, declared once for all clients; the client's own where not given."""

    format: Format | None
    strict: bool | None
    timeout_seconds: float | None
    identity: str | None
    """What identifies the call, where something does; a new one unless given."""
    attachments: "Sequence[Attachment]"
    progress: "Progress | None"
    """Is told how far the sending of files has come."""
    to: "Destination"
    """Where a file goes, for operations that bring one."""
    overrule: Collection[str]
    """Python names of fields that may be missing although the document requires them."""
    keeps_failures: bool
    """A list of which every item failed comes back like any other; the walk that asks raises."""
    walked: "Answers | None"
    """What a walk has asked for so far, and what its replies are about; takes both of this one."""
    link: str | None
    """The address of a page, as the page before gave it; None: the operation's own."""
