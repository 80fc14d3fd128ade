"""Find what a generated client must be given to talk to a generated mock."""

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from typing import Any

__all__ = ["LOOPBACK", "client_arguments"]

LOOPBACK = "http://127.0.0.1:8080"
"""An address for clients whose documents name none. Nothing listens there: the transport leads to
the mock, and provisional names may be sent to this machine alone."""


def client_arguments(
    client: Callable[..., object],
    application: Callable[..., object],
    mock_options: Mapping[str, object],
) -> dict[str, Any]:
    """Return the arguments of a client, without address, clock and transport.

    Credentials are what the mock accepts. What else a client must be given is invented.

    Args:
        client: the generated class.
        application: the generated function that makes the mock.
        mock_options: what the mock was given beside seed and clock.
    """
    wanted = signature(client).parameters
    accepted = {
        name: mock_options.get(name, parameter.default)
        for name, parameter in signature(application).parameters.items()
    }
    found: dict[str, Any] = {}
    for name, parameter in wanted.items():
        if name in accepted and isinstance(accepted[name], str):
            found[name] = accepted[name]
        elif parameter.default is Parameter.empty and parameter.kind is Parameter.KEYWORD_ONLY:
            found[name] = _invented(name)
    return found


def _invented(name: str) -> str:
    # 192.0.2.1 is set aside for documentation, and belongs to nobody.
    return "192.0.2.1" if name.endswith("ip_address") else f"demo-{name.replace('_', '-')}"
