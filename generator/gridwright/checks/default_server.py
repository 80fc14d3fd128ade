"""At most one server is the default, and a doubtful one never is."""

from collections.abc import Iterator

from gridwright.diagnostics import Diagnostic
from gridwright.ir import Interface

__all__ = ["check"]


def check(interface: Interface) -> Iterator[Diagnostic]:
    """Report servers that cannot be a default."""
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
