"""A world for any system with bodies: values invented from the types. Never plausible.

What a request says is repeated where the reply has a field of that name, record by record where
both have a list of records. Everything else comes from the field's type, and is left out where the
operation's own check of the reply finds something wrong with it. Nothing is remembered.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ...body_operation import BodyOperation
from ...errors import ConfigurationError
from ..body_codec import wire_payload
from ..body_world import BodyAnswer
from ..inventing import invented_record, remove

__all__ = ["InventedBodies"]


class InventedBodies:
    """Answers every operation with invented records."""

    def __init__(self, operations: Sequence[BodyOperation[Any]], *, seed: int) -> None:
        self._operations = {operation.name: operation for operation in operations}
        self._seed = seed

    def answer(self, operation: str, arguments: Mapping[str, object]) -> BodyAnswer:
        """Invent the payload of a reply.

        Raises:
            ConfigurationError: the world was not told of the operation.
        """
        known = self._operations.get(operation)
        if known is None:
            raise ConfigurationError(f"the invented world was not told of {operation}")
        name = (self._seed, known.system, known.name)
        payload = invented_record(known.reply.model, arguments, name)
        envelope = known.envelope
        reply = {
            **{field: values[0] for field, values in envelope.success.items()},
            envelope.message: "OK",
            envelope.payload: wire_payload(known, payload),
        }
        for problem in known.reply.check(reply, ""):
            remove(payload, problem.path.removeprefix(f"{envelope.payload}."))
        return payload
