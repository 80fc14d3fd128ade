"""The content of a body in any format; its repr shows none of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from ..interface import ErrorMeaning, Path, Verdict
from ..problems import Problem

if TYPE_CHECKING:
    from ..multipart.attachment import Attachment
    from .failures_beside import FailureBeside
    from .items import FailedItem

__all__ = ["DecodedBody", "Failure", "Judged", "Outside", "labelled", "problem_at"]


class Outside(Struct, frozen=True):
    """What there is of a reply beside the tree of its message."""

    status: int = 200
    """Its HTTP status."""
    root: str = ""
    """The name of the root element, which is not in the tree; empty in JSON."""
    taken: Path = ()
    """Leads to records that have been taken out of the tree; (): none were."""


class Failure(Struct, frozen=True, kw_only=True):
    """What the provider says of a failure."""

    code: str | None = None
    text: str | None = None
    kind: str | None = None
    """The kind of failure, where the document has such a field."""
    is_consent: bool = False
    """It is the sentence about a consent."""
    is_fault: bool = False
    """It is a SOAP fault."""
    is_of_server: bool = False
    """It is a SOAP fault by which the service says that it failed itself."""
    meaning: ErrorMeaning | None = None
    """What it is, where a case of the verdict has decided that."""

    def __repr__(self) -> str:
        return "<failure>"


class Judged(Struct, frozen=True, kw_only=True):
    """What the verdict of a reply comes to."""

    verdict: Verdict | None = None
    """The one that has judged; None: there is none."""
    failure: Failure | None = None
    is_said: bool = False
    """The reply says itself that the call succeeded."""
    is_missing: bool = False
    """A success carries the verdict, and this reply does not."""
    header: Mapping[str, str | None] | None = None
    """The fields of the verdict under documented names; None: it has none."""

    def __repr__(self) -> str:
        return "<verdict>"


class DecodedBody(Struct, frozen=True, kw_only=True):
    """What a body holds."""

    judged: Judged = Judged()
    payload: Any = None
    """The records of a list, or one record; None where there is none."""
    unreadable: Sequence[Problem] = ()
    """Values that cannot be read; the payload is then not to be used."""
    lack: str = ""
    """A sentence about what the payload lacks; empty where it is there."""
    attachments: Sequence["Attachment"] = ()
    around: object = None
    """The message around a list, where something stands beside it."""
    blocks: Mapping[tuple[str, str], object] = {}
    """The values in the header of a SOAP message, by the names of block and element."""
    failed: Sequence["FailedItem"] = ()
    """Items of a list that say of themselves that they failed; they are not in the payload."""
    failures: Sequence["FailureBeside"] = ()
    """Failures that the message lists beside its data."""

    def __repr__(self) -> str:
        return "<what was found>"


def problem_at(path: str, rule: str, message: str) -> Problem:
    """Return a problem of something that no field of a model stands for."""
    return Problem(path=path, wire=path.rpartition(".")[2], rule=rule, message=message)


def labelled(problem: Problem, named: Problem | None) -> Problem:
    """Return a problem with the labels and the source of another about the same field."""
    if named is None:
        return problem
    return structs.replace(problem, label=named.label, label_en=named.label_en, source=named.source)
