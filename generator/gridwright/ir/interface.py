"""The whole of one system."""

from dataclasses import dataclass

from gridwright.diagnostics import Span
from gridwright.ir.access import AuthStep, Certificate, Credential, Presented, Server
from gridwright.ir.facts import Amendment, Document, JsonLists, Missing
from gridwright.ir.limits import Limit
from gridwright.ir.operations import Operation, Rule
from gridwright.ir.records import Field, Record
from gridwright.ir.replies import Envelope, Status
from gridwright.ir.requests import Source, holes_in, referred
from gridwright.ir.soap import Soap
from gridwright.ir.types import CodeList, DeclaredUnit, Namespace, RecordType

__all__ = ["Interface"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """One system, whole.

    Attributes:
        certificate: what a client shows in TLS; None: nobody asks for one.
        login_names: Python names of the client's arguments for the folder in which logins are
            kept, and for the address of the login server.
        json_lists: None: a list is always written as one.
        samples: invented values by argument name, or ``operation.argument``, which the mock knows.
    """

    system: str
    title: str
    title_en: str
    document: Document
    zone: str
    missing: Missing
    json_lists: JsonLists | None = None
    servers: tuple[Server, ...]
    credentials: tuple[Credential, ...]
    auth_steps: tuple[AuthStep, ...]
    presented: tuple[Presented, ...]
    certificate: Certificate | None
    login_names: tuple[str, str]
    limits: tuple[Limit, ...]
    statuses: tuple[Status, ...]
    soap: Soap | None
    codes: tuple[CodeList, ...]
    units: tuple[DeclaredUnit, ...]
    namespaces: tuple[Namespace, ...] = ()
    records: tuple[Record, ...]
    envelopes: tuple[Envelope, ...]
    operations: tuple[Operation, ...]
    amendments: tuple[Amendment, ...]
    samples: tuple[tuple[str, str], ...]
    span: Span

    def operation_named(self, name: str) -> Operation | None:
        """Return an operation by its name; None: there is none."""
        return next((operation for operation in self.operations if operation.name == name), None)

    def record_named(self, name: str) -> Record | None:
        """Return a record by the name of its class; None: there is none."""
        return next((record for record in self.records if record.name == name), None)

    def record_of(self, field: Field) -> Record | None:
        """Return the record that a value of a field is, or an item of it; None: it is none."""
        inner = field.item_type
        return self.record_named(inner.record) if isinstance(inner, RecordType) else None

    def samples_of(self, operation: Operation) -> dict[str, str]:
        """Return the samples of an operation by argument name; its own come before all others."""
        own = f"{operation.name}."
        shared = {name: value for name, value in self.samples if "." not in name}
        return shared | {n.removeprefix(own): v for n, v in self.samples if n.startswith(own)}

    def rules_of(self, operation: Operation) -> tuple[Rule, ...]:
        """Return the rules of an operation, with those that limits make."""
        periods = [
            Rule(
                kind="longest_period",
                fields=(limit.from_field, limit.to_field),
                when=(),
                values=(),
                at_most=limit.period,
                months=limit.months,
                days=limit.days,
                to_is=limit.to_is,
                en=limit.en,
                cite=limit.cite,
                span=limit.span,
            )
            for limit in self.limits
            if limit.kind == "period" and operation.name in limit.operations
        ]
        batches = [
            Rule(
                kind="most_items",
                fields=(limit.field,),
                when=(),
                values=(limit.at_most,),
                at_most=None,
                en=limit.en,
                cite=limit.cite,
                span=limit.span,
            )
            for limit in self.limits
            if limit.kind == "batch" and operation.name in limit.operations
        ]
        return (*operation.rules, *periods, *batches)

    def cuts_of(self, operation: Operation) -> tuple[Limit | None, Limit | None]:
        """Return the limits by which a walk cuts its question: of its period, and of its list."""
        found: dict[str, Limit] = {}
        for limit in self.limits if operation.paging is not None else ():
            if limit.kind in ("period", "batch") and operation.name in limit.operations:
                found.setdefault(limit.kind, limit)
        return found.get("period"), found.get("batch")

    def reachable(self, start: Record) -> tuple[Record, ...]:
        """Return ``start`` and the records below it, each once, in order of first mention."""
        found = {start.name: start}
        waiting = [start]
        for record in waiting:  # grows as it goes, each record once
            for field in record.fields:
                known = self.record_of(field)
                if known is not None and known.name not in found:
                    found[known.name] = known
                    waiting.append(known)
        return tuple(waiting)

    def may_be_left_out(self, source: Source) -> bool:
        """Whether a source is made of a credential that a client may do without."""
        optional = {credential.name for credential in self.credentials if credential.optional}
        return any(kind == "credential" and name in optional for kind, name in referred(source))

    def spare_parts(self, step: AuthStep) -> tuple[str, ...]:
        """Return the parts of a result that its renewal alone carries: a reply may lack them."""
        carried = self.carried_parts(step)
        return tuple(part for part in step.renewing_parts if part not in carried)

    def carried_parts(self, step: AuthStep) -> frozenset[str]:
        """Return the parts of a result that anything but its own renewal carries."""
        sources = [part.source for part in step.parts]
        sources += [p.source for o in self.auth_steps if o.name != step.name for p in o.all_parts]
        sources += [presented.source for presented in self.presented]
        sources += [p.source for operation in self.operations for p in operation.parameters]
        if self.soap is not None and self.soap.security is not None:
            sources.append(self.soap.security.token)
        holes = [hole for source in sources for hole in holes_in(source)]
        return frozenset(h.part for h in holes if (h.kind, h.name) == ("step", step.name))

    @property
    def default_server(self) -> Server | None:
        """The server that a client takes without being told; None: the user must name one."""
        return next((s for s in self.servers if s.default and not s.doubtful), None)
