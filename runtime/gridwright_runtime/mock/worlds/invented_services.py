"""A world for any system of services: values invented from the types. Never plausible.

What a request says is repeated where the reply has a field of that name. Everything else comes
from the field's type, and is left out where the operation's own check of the reply finds something
wrong with it. Nothing is remembered.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import ConfigurationError
from ...service.operation import ServiceOperation
from ..inventing import invented_record, remove
from ..service_codec import reply_tree
from ..service_world import Answer, ServiceAnswer, ServiceQuestion
from ..world import Refusal

__all__ = ["InventedServices"]


class InventedServices:
    """Answers every operation with an invented record."""

    def __init__(self, operations: Sequence[ServiceOperation[Any]], *, seed: int) -> None:
        self._operations = {operation.name: operation for operation in operations}
        self._seed = seed

    def answer(self, operation: str, question: ServiceQuestion) -> Answer:
        """Invent a reply.

        Raises:
            ConfigurationError: the world was not told of the operation.
        """
        known = self._operations.get(operation)
        if known is None:
            raise ConfigurationError(f"the invented world was not told of {operation}")
        name = (self._seed, known.system, known.name)
        reply = invented_record(known.reply.model, question.arguments, name)
        for problem in known.reply.check(reply_tree(known, reply), ""):
            remove(reply, problem.path)
        return ServiceAnswer(payload=reply)

    def refused(self, operation: str, refusal: Refusal) -> Mapping[str, object] | None:
        """Return nothing: which fields could say no is not known."""
        return None
