"""Begin a call: check its options, and build its request."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..errors import ConfigurationError
from ..interface import NewId, Operation, Serial
from ..options.call_options import CallOptions
from ..options.client_arguments import WAIT, is_wait, require
from ..options.settings import Settings
from ..record import Record
from ..requests.serial import next_serial
from ..sending.addresses import is_here
from ..sending.attempts import Attempts
from ..sending.conversation import Conversation, Draft
from ..sources import Values
from .replies import ReplyReader
from .touched import touched_by

if TYPE_CHECKING:
    from ..interface import Format
    from ..sending.download import FileSink

__all__ = ["begin_call"]


def begin_call(
    settings: Settings, operation: Operation[Any], arguments: Record, options: CallOptions
) -> Conversation[Any]:
    """Build a request and check it; nothing is sent yet.

    Raises:
        GridwrightError: it breaks a rule, or the client cannot send it.
    """
    seconds = options.get("timeout_seconds")
    if seconds is not None:
        require(operation.call, "timeout_seconds", is_wait(seconds), WAIT)
    format = _format(settings, operation, options.get("format"))
    identity = options.get("identity")
    if identity is None:
        identity = _new_identity(settings, operation)
    reporting = None
    if (progress := options.get("progress")) is not None:
        from ..multipart.upload import Reporting  # few calls send files

        reporting = Reporting(progress)
        options = {**options, "progress": reporting}
    draft = _draft(settings, operation, arguments, format, identity, options)
    if (link := options.get("link")) is not None:
        draft.follow(link)
    terms = settings.terms(seconds)
    touched = None
    if settings.turns is not None:
        touched = touched_by(operation, arguments, link, is_here=is_here(settings.base_url))
    sink = _sink(operation, options)
    return Conversation(
        operation=operation.name,
        draft=draft,
        attempts=Attempts(
            operation.call,
            operation.kind,
            policy=settings.retry,
            clock=settings.clock,
            until=terms.until,
        ),
        access=settings.call_access(draft.steps, operation.name, terms),
        turns=settings.turns,
        touched=touched,
        terms=terms,
        replies=ReplyReader(
            settings=settings,
            operation=operation,
            arguments=arguments,
            options=options,
            format=format,
            draft=draft,
            touched=touched,
            sink=sink,
        ),
        # A number in sequence is that of the call, where nothing else identifies it.
        next_serial=next_serial if _has(operation, NewId) else lambda: identity,
        sink=sink,
        reporting=reporting,
    )


def _format(settings: Settings, operation: Operation[Any], format: Format | None) -> Format:
    """Return the format of a call: its own, the client's, or the first that is offered.

    Raises:
        ConfigurationError: the operation does not offer it.
    """
    offered = operation.reply.formats
    if format is not None:
        if offered and format not in offered:
            known = ", ".join(offered)
            raise ConfigurationError(f"{operation.call} is offered as {known}, not as {format}")
        return format
    if settings.format is not None and (not offered or settings.format in offered):
        return settings.format
    return next(iter(offered), "json")


def _new_identity(settings: Settings, operation: Operation[Any]) -> str:
    if _has(operation, NewId):
        return settings.new_id()
    return settings.new_number() if _has(operation, Serial) else ""


def _draft(
    settings: Settings,
    operation: Operation[Any],
    arguments: Record,
    format: Format,
    identity: str,
    options: CallOptions,
) -> Draft:
    from ..requests.build import prepare  # not needed before the first call
    from ..requests.build_body import Sending

    draft: Draft = prepare(
        operation,
        arguments,
        Values(
            credentials=settings.credentials,
            options=settings.options,
            identity=identity,
            service_name=operation.wire_name,
            format=format,
        ),
        Sending(
            settings.base_url,
            options.get("attachments", ()),
            progress=options.get("progress"),
            new_boundary=settings.new_boundary,
        ),
        overrule=options.get("overrule", ()),
        now=settings.clock.now() if operation.reaches else None,
    )
    return draft


def _sink(operation: Operation[Any], options: CallOptions) -> FileSink | None:
    if operation.reply.shape != "file":
        return None
    from ..sending.download import FileSink  # few operations bring files

    to = options.get("to")
    if to is None:
        raise ConfigurationError(f"{operation.call}: where does the file go? pass to=…")
    return FileSink(operation.call, to, operation.is_success)


@lru_cache(maxsize=1024)
def _has(operation: Operation[Any], source: type[object]) -> bool:
    """Say whether some part of an operation's request has a source of this kind."""
    return any(isinstance(part.source, source) for part in operation.request.parts)
