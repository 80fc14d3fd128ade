"""What a client was given, checked when it is made. Never sends.

All that both kinds of clients know, but for their connections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from secrets import token_hex
from typing import TYPE_CHECKING, Any, TypeVar, get_args
from uuid import uuid4

import httpx2
import msgspec

from ..clock import Clock, SystemClock
from ..errors import ConfigurationError
from ..interface import Credential, Format, NewId, Operation, Serial, System
from ..limits.turns import EVERY_ARGUMENT, NoTurns, Touched, Turns, turns_of
from ..message import Hidden, RawReply
from ..private_folder import FOLDER, is_folder_name
from ..record import Record
from ..redact import install_log_filter
from ..requests.serial import next_serial
from ..sending.addresses import checked_address, is_here, is_without_tls, trusting_nobody
from ..sending.attempts import Attempts
from ..sending.conversation import CallAccess, Conversation, Draft, OpenAccess, Terms
from ..sending.in_process import service_behind
from .call_options import CallOptions
from .client_arguments import (
    COUNT,
    TEXT,
    WAIT,
    check_credentials,
    is_count,
    is_wait,
    is_whole_text,
    require,
    resolve_address,
    resolve_credential,
    resolve_option,
    resolve_server,
)
from .client_options import DEFAULTS, ClientOptions

if TYPE_CHECKING:
    from ..access.client_access import ClientAccess
    from ..decodings.echoes import Answers, Asked
    from ..limits.store import LimitStore
    from ..sending.download import Download, FileSink

__all__ = ["Settings"]

RecordT = TypeVar("RecordT", bound=Record)
HttpT = TypeVar("HttpT", httpx2.Client, httpx2.AsyncClient)


class Settings:
    """What both clients know; neither opens nor waits for anything."""

    def __init__(self, system: System, transport: object | None, options: ClientOptions) -> None:
        given: ClientOptions = {**DEFAULTS, **options}
        install_log_filter()
        name, has_transport = system.name, transport is not None
        require(
            name,
            "format",
            given["format"] is None or given["format"] in get_args(Format),
            "must be json or xml",
        )
        require(name, "max_connections", is_count(given["max_connections"]), COUNT)
        require(name, "max_body_bytes", is_count(given["max_body_bytes"]), COUNT)
        require(name, "attempts of retry", is_count(given["retry"].attempts), COUNT)
        require(name, "timeout_seconds", is_wait(given["timeout_seconds"]), WAIT)
        in_all, longest = given["longest_call_seconds"], given["longest_wait_seconds"]
        require(name, "longest_call_seconds", in_all is None or is_wait(in_all), WAIT)
        require(
            name,
            "longest_wait_seconds",
            longest is None or (isinstance(longest, int | float) and longest >= 0),
            "must be 0 or more seconds",
        )
        require(name, "company", is_whole_text(given["company"]), TEXT)
        store = given["limit_store"]
        require(name, "limit_store", store is None or hasattr(store, "queue"), "keeps no limits")
        shared = given["shared_store"]
        if shared is not None:
            require(name, "shared_store", isinstance(shared, str), "must be an address")
            from ..shared_server.address import address_of  # most clients name none

            address_of(shared)
        folder = given["login_folder"]
        require(name, "the folder of logins", folder is None or is_folder_name(folder), FOLDER)
        self.system = system
        self.server = resolve_server(system, given["server"])
        self.base_url = resolve_address(system, self.server, given["base_url"], has_transport)
        is_bare = given["ssl_context"] is None and not has_transport
        if system.certificate and is_bare and self.base_url.lower().startswith("https:"):
            raise ConfigurationError(
                f"{name}: the service asks for a certificate ({system.certificate}); pass "
                "ssl_context=…, which has it by load_cert_chain()"
            )
        self.credentials = _Secrets(
            {
                item.name: value
                for item in system.credentials
                if (value := resolve_credential(name, item, given["credentials"].get(item.name)))
                is not None
            }
        )
        if not is_here(self.base_url) and service_behind(transport, is_here=False) is None:
            check_credentials(system, self.credentials)
        self.secrets = Hidden(self.credentials.values())
        self.options = {
            item.name: value
            for item in system.options
            if (value := resolve_option(name, item, given["options"].get(item.name))) is not None
        }
        self.clock: Clock = given["clock"] or SystemClock()
        aware = self.clock.now().utcoffset() is not None
        require(name, "clock", aware, "must tell aware time")
        self.timeout_seconds = given["timeout_seconds"]
        self.longest_call_seconds = given["longest_call_seconds"]
        self.retry = given["retry"]
        self.strict = given["strict"]
        self.max_body_bytes = given["max_body_bytes"]
        self.new_id = given["new_id"] or _uuid
        self.new_boundary = given["new_boundary"] or _boundary
        self._format = given["format"]
        self._wait_for_turn = given["wait_for_turn"]
        self._longest_wait_seconds = given["longest_wait_seconds"]
        self._max_connections = given["max_connections"]
        self._ssl_context = given["ssl_context"]
        self._new_number = given["new_id"] or next_serial
        self.turns: Turns | None = None
        if system.limits:
            self.turns = turns_of(
                system.limits,
                system=name,
                base_url=self.base_url,
                company=given["company"],
                credentials={
                    item.name: self.credentials[item.name]
                    for item in _telling(system.credentials)
                    if item.name in self.credentials
                },
                store=_limit_store(given),
                clock=given["clock"],
                service=service_behind(transport, is_here(self.base_url)),
            )
        self.access: ClientAccess | None = None
        self._login_addresses: tuple[str, ...] = ()
        if system.steps:
            self._set_up_access(given, has_transport)
        elif given["login_url"] is not None:
            raise ConfigurationError(f"{name}: there is no login, and so no login_url")

    def opened(self, make: Callable[..., HttpT], transport: object | None) -> HttpT:
        """Make a client of httpx2; it asks no proxy for what is on this machine.

        Raises:
            ConfigurationError: a proxy or certificate of the environment cannot be used.
        """
        options: dict[str, Any] = {"transport": transport}
        if self._ssl_context is not None:
            options["verify"] = self._ssl_context
        elif all(map(is_without_tls, (self.base_url, *self._login_addresses))):
            options["verify"] = trusting_nobody()
        # Who has a turn sends at once: calls that queued here would leave all together.
        most = None if self.turns is not None else self._max_connections
        limits = httpx2.Limits(
            max_connections=most, max_keepalive_connections=self._max_connections
        )
        if any(place.startswith("cookie ") for place in _places(self.system)):
            # A result goes where the spec puts it; the jar would send it with everything.
            options["cookies"] = CookieJar(DefaultCookiePolicy(allowed_domains=()))
        try:
            return make(
                limits=limits,
                follow_redirects=False,
                trust_env=not is_here(self.base_url),
                **options,
            )
        except (ValueError, OSError, ImportError, httpx2.InvalidURL) as error:
            kind = type(error).__name__
        # Not chained: a proxy's address may hold a password.
        raise ConfigurationError(
            f"{self.system.name}: the proxy or certificate variables of the environment cannot be "
            f"used ({kind})"
        )

    def begin(
        self,
        operation: Operation[RecordT],
        arguments: Record,
        options: CallOptions,
    ) -> Conversation[Any]:
        """Build a request and check it; nothing is sent yet.

        Raises:
            GridwrightError: it breaks a rule, or the client cannot send it.
        """
        given_seconds = options.get("timeout_seconds")
        if given_seconds is not None:
            require(operation.call, "timeout_seconds", is_wait(given_seconds), WAIT)
        timeout_seconds = self.timeout_seconds if given_seconds is None else given_seconds
        format = self.format_of(operation, options.get("format"))
        identity = options.get("identity")
        if identity is None:
            identity = self._new_identity(operation)
        reporting = None
        if (progress := options.get("progress")) is not None:
            from ..multipart.upload import Reporting  # few calls send files

            reporting = Reporting(progress)
            options = {**options, "progress": reporting}
        draft = self.prepare(operation, arguments, format, identity, options)
        if (link := options.get("link")) is not None:
            draft.follow(link)
        in_all = self.longest_call_seconds
        terms = Terms(
            timeout_seconds,
            None if in_all is None else self.clock.monotonic() + in_all,
            self._wait_for_turn,
            self._longest_wait_seconds,
        )
        access = self._call_access(draft.steps, operation.name, terms)
        strict = self.is_strict(options.get("strict"))
        # A number in sequence is that of the call, where nothing else identifies it.
        numbers = next_serial if _has(operation, NewId) else lambda: identity

        sink = self._sink(operation, options)

        def read(raw: RawReply, hide: Hidden) -> Any:
            download = sink.download if sink is not None else None
            asked = _asked(operation, arguments) if operation.reply.echoes else ()
            found = self.read(
                operation,
                raw,
                format,
                strict,
                hide,
                draft,
                download,
                asked,
                keeps_failures=options.get("keeps_failures", False),
                walked=options.get("walked"),
            )
            if self.is_refused(found):
                self._note_used_up(operation, found, arguments, link)
            elif operation.same:
                self._note_reply(operation, arguments, found)
            return found

        return Conversation(
            operation.name,
            draft,
            Attempts(
                operation.call,
                operation.kind,
                policy=self.retry,
                clock=self.clock,
                until=terms.until,
            ),
            access,
            turns=self.turns,
            touched=self._touched(operation, arguments, link) if self.turns is not None else None,
            terms=terms,
            read=read,
            is_refused=self.is_refused,
            may_be_used_up=_may_be_used_up(operation),
            next_serial=numbers if _has(operation, Serial) else None,
            sink=sink,
            reporting=reporting,
        )

    def is_strict(self, given: bool | None) -> bool:
        """Say whether a reply that departs from the document is refused; None: by the client."""
        return self.strict if given is None else given

    def format_of(self, operation: Operation[Any], format: Format | None) -> Format:
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
        if self._format is not None and (not offered or self._format in offered):
            return self._format
        return next(iter(offered), "json")

    def _sink(self, operation: Operation[Any], options: CallOptions) -> FileSink | None:
        if operation.reply.shape != "file":
            return None
        from ..sending.download import FileSink  # few operations bring files

        to = options.get("to")
        if to is None:
            raise ConfigurationError(f"{operation.call}: where does the file go? pass to=…")
        return FileSink(operation.call, to)

    def _new_identity(self, operation: Operation[Any]) -> str:
        if _has(operation, NewId):
            return self.new_id()
        return self._new_number() if _has(operation, Serial) else ""

    def prepare(
        self,
        operation: Operation[Any],
        arguments: Record,
        format: Format,
        identity: str,
        options: CallOptions,
    ) -> Draft:
        """Build a request and check it."""
        from ..requests.build import prepare  # not needed before the first call

        draft: Draft = prepare(
            operation,
            arguments,
            base_url=self.base_url,
            format=format,
            credentials=self.credentials,
            options=self.options,
            identity=identity,
            attachments=options.get("attachments", ()),
            progress=options.get("progress"),
            overrule=options.get("overrule", ()),
            new_boundary=self.new_boundary,
            now=self.clock.now() if operation.reaches else None,
        )
        return draft

    def read(
        self,
        operation: Operation[Any],
        raw: RawReply,
        format: Format,
        strict: bool,
        hide: Hidden,
        draft: Draft,
        download: Download | None = None,
        asked: Asked = (),
        *,
        keeps_failures: bool = False,
        walked: Answers | None = None,
    ) -> Any:
        """Read a reply."""
        from ..decodings.reader import (  # not needed before the first reply
            Circumstances,
            read_reply,
        )

        opens_at = None
        if self.system.limits and raw.status_code >= 400 and raw.received_at is not None:
            from ..limits.reopening import opening_after  # most replies say that it is open

            opens_at = opening_after(self.system.limits, operation.name, raw.received_at)
        refused = [
            status
            for step in self.system.steps
            if step.name in draft.steps
            for status in step.refused
        ]
        about = Circumstances(
            hide=hide,
            identity=draft.identity,
            opens_at=opens_at,
            refused=tuple(refused),
            download=download,
            asked=asked,
            most_bytes=self.max_body_bytes,
            keeps_failures=keeps_failures,
            walked=walked,
        )
        return read_reply(operation, raw, format=format, strict=strict, circumstances=about)

    def is_refused(self, found: object) -> bool:
        """Say whether what was read is a failure."""
        from ..decodings.reader import Refused

        return isinstance(found, Refused)

    def _set_up_access(self, given: ClientOptions, has_transport: bool) -> None:
        from ..access.client_access import ClientAccess
        from ..access.plan import planned_steps
        from ..access.store_choice import Stores

        name, base_url, login_url = self.system.name, given["base_url"], given["login_url"]
        shared_store = given["shared_store"]
        if login_url is not None:
            login_url = checked_address(name, login_url, has_transport, "login_url")
        steps = planned_steps(
            self.system, server=self.server, base_url=self.base_url, login_url=login_url
        )
        is_apart = any(planned.is_apart for planned in steps)
        if login_url is not None and not is_apart:
            raise ConfigurationError(f"{name}: the login is below base_url, so leave out login_url")
        # Some generated clients have the document's address for their default.
        is_own = base_url is not None and base_url == self.system.servers.get(self.server)
        is_one_given = not is_own and (base_url is None) != (login_url is None)
        if is_apart and not has_transport and is_one_given:
            # Else a password meant for a mock would go to the real server of the login, or a real
            # result to some other service.
            raise ConfigurationError(f"{name}: base_url and login_url must be given together")
        for planned in steps:
            _check_path(name, planned, self.credentials)
        self._login_addresses = tuple(planned.address for planned in steps)
        self.access = ClientAccess(
            system=name,
            steps=steps,
            credentials=self.credentials,
            options=self.options,
            clock=self.clock,
            choose_store=Stores(
                given["login_folder"],
                given["login_store"],
                shared=shared_store,
                clock=self.clock,
                is_invented=has_transport,
            ).chosen,
            turns=self.turns or NoTurns(),
            new_id=self.new_id,
            next_serial=next_serial,
        )

    def _call_access(self, steps: frozenset[str], operation: str, terms: Terms) -> CallAccess:
        """Return the access of a call that carries the results of some steps."""
        if self.access is None or not steps:
            return OpenAccess(self.secrets)
        from ..access.step_access import StepAccess

        return StepAccess(self.access, steps, operation, terms)

    def entering(self) -> CallAccess:
        """Return the access of a call that needs every login, as who only looks has one."""
        steps = frozenset(step.name for step in self.access.steps.values()) if self.access else ()
        terms = Terms(self.timeout_seconds, None, self._wait_for_turn, self._longest_wait_seconds)
        return self._call_access(frozenset(steps), "login", terms)

    def _touched(self, operation: Operation[Any], arguments: Record, link: str | None) -> Touched:
        """Return what stands for the things that a call touches, by what limits call them."""
        if not operation.same:
            return None
        provisional = {item.path for item in operation.request.provisional}
        found: dict[str, str | None] = {}
        for same, name in operation.same.items():
            if same == EVERY_ARGUMENT:
                found[same] = _compared([arguments, link])
                continue
            value = getattr(arguments, name, None)
            text = "" if value is None else _compared(value)
            # Where no argument can name it, any call may be about any of them.
            is_unnamed = not text and name in provisional and not is_here(self.base_url)
            found[same] = text or (_NOT_NAMED if is_unnamed else None)
        return found

    def _note_used_up(
        self, operation: Operation[Any], found: Any, arguments: Record, link: str | None
    ) -> None:
        """Let limits know that one is used up by the service's own word."""
        if not found.breaks or self.turns is None:
            return
        touched = self._touched(operation, arguments, link)
        until = self.turns.note_used_up(operation.name, found.breaks, touched)
        if found.error.retry_at is None:
            found.error.retry_at = until

    def _note_reply(self, operation: Operation[Any], arguments: Record, found: Any) -> None:
        """Let limits know of a thing that a reply names and its request did not."""
        if self.turns is None:
            return
        record = getattr(found, "body", None)
        for same, name in operation.same.items():
            value = getattr(record, name, None)
            if value and value != getattr(arguments, name, None):
                self.turns.note_reply(operation.name, {same: str(value)})


def _compared(value: object) -> str:
    """Return a text by which a value that is sent is known again; it holds what is personal."""
    if isinstance(value, Record | list | tuple | dict):
        # Their own texts mask what is personal.
        return msgspec.json.encode(value, enc_hook=str, order="deterministic").decode()
    return str(value)


class _Secrets(dict[str, str]):
    """Secrets by name; shows none, where a tool prints the variables of a traceback."""

    def __repr__(self) -> str:
        return "<secrets>"


def _telling(credentials: Sequence[Credential]) -> Sequence[Credential]:
    """Return what tells one account from another, and does not change with a password."""
    return [item for item in credentials if not item.secret] or credentials


def _asked(operation: Operation[Any], arguments: Record) -> Asked:
    from ..decodings.echoes import asked_in  # few operations have such replies

    return asked_in(operation.reply, arguments)


@lru_cache(maxsize=1024)
def _may_be_used_up(operation: Operation[Any]) -> bool:
    """Say whether some refusal says that a limit is used up."""
    meanings = [
        *operation.statuses.values(),
        *(known for verdict in operation.verdicts for known in verdict.errors.values()),
        *(case.meaning for verdict in operation.verdicts for case in verdict.cases),
    ]
    return any(meaning is not None and meaning.breaks for meaning in meanings)


@lru_cache(maxsize=1024)
def _has(operation: Operation[Any], source: type[object]) -> bool:
    """Say whether some part of an operation's request has a source of this kind."""
    return any(isinstance(part.source, source) for part in operation.request.parts)


def _places(system: System) -> Iterator[str]:
    """Yield where the results of logins are looked for."""
    for step in system.steps:
        for places in step.read.values():
            yield from places


def _check_path(system: str, planned: Any, credentials: Mapping[str, str]) -> None:
    from ..sources import holes_in

    for part in planned.parts:
        if part.place == "path":
            for hole in holes_in(part.source):
                if hole.kind == "credential" and credentials.get(hole.name) in (".", ".."):
                    raise ConfigurationError(f"{system}: {hole.name} would lead to another address")


def _limit_store(given: ClientOptions) -> LimitStore | None:
    """Return where limits are kept, as far as the client was told."""
    url, store = given["shared_store"], given["limit_store"]
    if url is None or store is not None:
        return store
    from ..limits.valkey import ValkeyLimitStore  # most limits are kept on this machine

    return ValkeyLimitStore(url)


def _uuid() -> str:
    return str(uuid4())


def _boundary() -> str:
    return f"gridwright-{token_hex(16)}"


_NOT_NAMED = "(not named)"
