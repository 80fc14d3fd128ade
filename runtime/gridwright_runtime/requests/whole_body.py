"""Write a body that is one value: a list, a text, a file."""

from typing import Any

from ..encodings import json, plain_text, xml
from ..errors import ConfigurationError, GridwrightError, InvalidRequestError
from ..interface import Format, Operation
from .build_body import ACCEPT_CHARSET, Content
from .build_checks import name_problems
from .build_plan import BuildPlan

__all__ = ["whole_body"]


def whole_body(
    operation: Operation[Any], plan: BuildPlan, value: object, format: Format
) -> Content | GridwrightError:
    """Return body and headers; no body where there is no value.

    Args:
        operation: what is called.
        plan: of it.
        value: as it stands on the wire; None: there is none.
        format: the format that is asked for.

    Raises:
        EncodingError: the value cannot be written.
        UnicodeEncodeError: a text holds half a character.
        UploadError: a file cannot be read any more.
    """
    spec, accept = operation.request.body, plan.accept
    if value is None or spec is None:
        return Content(accept, None)
    match spec.encodings.get(format):
        case "json":
            headers = (("Content-Type", json.CONTENT_TYPE), *accept, ACCEPT_CHARSET)
            return Content(headers, json.encode(value))
        case "xml":
            problems = name_problems(plan, value, ".") if plan.is_open else []
            if problems:
                return InvalidRequestError(operation.call, problems)
            tree = {spec.item: value} if spec.item else value
            body = xml.encode(tree, spec.root, spec.namespaces)
            return Content((("Content-Type", xml.CONTENT_TYPE), *accept), body)
        case "text":
            return Content(
                (("Content-Type", plain_text.CONTENT_TYPE), *accept), plain_text.encode(value)
            )
        case "file":
            from ..encodings.file import FileBody  # few operations send files

            return Content(accept, FileBody(value))
    return ConfigurationError(f"{operation.call} writes no body where {format} is asked for")
