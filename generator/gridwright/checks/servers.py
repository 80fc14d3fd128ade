"""At most one server is the default, never a doubtful one, and a client talks to one alone."""

from collections.abc import Iterator

from gridwright.diagnostics import Diagnostic
from gridwright.ir import Interface

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report servers that cannot be a default, and operations of several hosts."""
    yield from _defaults(interface)
    yield from _several_hosts(interface)


def _defaults(interface: Interface) -> Iterator[Diagnostic]:
    defaults = [server for server in interface.servers if server.default]
    for server in defaults[1:]:
        yield Diagnostic(
            server.span,
            "two-defaults",
            f"servers {defaults[0].name!r} and {server.name!r} are both the default",
            "keep `default: yes` at one of them",
        )
    for server in defaults:
        if server.doubtful:
            yield Diagnostic(
                server.span,
                "doubtful-default",
                f"server {server.name!r} is doubtful and cannot be a default",
                "remove `default:`, or have the address confirmed by an amendment",
            )


def _several_hosts(interface: Interface) -> Iterator[Diagnostic]:
    first = next(iter(interface.operations), None)
    for operation in interface.operations:
        if first and operation.server and first.server and operation.server != first.server:
            yield Diagnostic(
                operation.span,
                "several-hosts",
                f"{operation.name!r} is at the server {operation.server!r}, and {first.name!r} at "
                f"{first.server!r}; servers are environments, and a client sends all that it "
                "sends to one of them",
                "write a spec of its own for what another host offers; where the document prints "
                "the address of another environment, correct it to the path by an erratum",
            )
