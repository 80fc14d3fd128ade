"""Links of OpenAPI: what a reply names, and the operations that can be asked about it.

They stand in ``x-gridwright``: swagger-parser, on which openapi-generator stands, refuses a link
whose body is no text (its issue 882), and with it the whole document.
"""

from gridwright.ir import Interface, Operation
from gridwright.targets.openapi.facts import Json

__all__ = ["links_from"]


def links_from(interface: Interface, operation: Operation) -> Json:
    """Return the links of a reply, by the operation that they lead to.

    A limit that holds for calls about the same thing says by which argument things are known. A
    write whose reply has that field has made such a thing.
    """
    if operation.kind != "write" or operation.reply.list is not None:
        return {}
    names = {limit.same[0] for limit in interface.limits if len(limit.same) == 1}
    told = {f.name: f.wire for f in operation.reply.record.fields if f.name in names}
    return {
        other.name: {
            "operationId": other.name,
            "requestBody": {field.wire: f"$response.body#/{told[field.name]}"},
            "description": f"{other.en}, about what this reply names",
        }
        for other in interface.operations
        if other.body is not None
        and not other.body.is_value
        and other.request_media == "json"
        and other is not operation
        for field in other.body.record.fields
        if field.name in told
    }
