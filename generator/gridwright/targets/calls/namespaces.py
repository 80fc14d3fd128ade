"""Namespaces of messages as constants of the runtime's types."""

from gridwright.analysis.element_namespaces import Namespaces, prefixes_of, soap_prefixes
from gridwright.ir import NO_NAMESPACE, Interface, Operation
from gridwright.targets.calls.sources import INTERFACE
from gridwright.targets.expressions import Call, Name, call, dict_display

__all__ = ["namespaces"]


def namespaces(
    interface: Interface, operation: Operation, message: Namespaces, *, is_reply: bool = False
) -> Call | None:
    """Return the namespaces of a message; None where nothing is to be said of its elements.

    Args:
        interface: whose prefixes are taken.
        operation: whose message it is.
        message: what is to be said.
        is_reply: the one namespace of a reply without others is said beside them.
    """
    soap = interface.soap if operation.protocol == "soap11" else None
    is_told = soap_prefixes(interface, soap) if soap is not None else not is_reply and message.root
    if not message.elements and not is_told:
        return None
    prefixes = prefixes_of(interface, message) | {NO_NAMESPACE: "", "": ""}
    about = {"root": prefixes[message.root]} if message.root else {}
    return call(
        Name("Namespaces", INTERFACE),
        prefixes=dict_display((prefixes[space], space) for space in message.all),
        **about,
        elements=dict_display((path, prefixes[space]) for path, space in message.elements.items()),
    )
