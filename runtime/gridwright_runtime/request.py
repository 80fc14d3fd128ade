"""Build the request of an operation, checked whole. Never sends it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from .encoders import EncodingError, Unencodable
from .errors import ConfigurationError, InvalidRequestError
from .message import Hidden, HttpRequest
from .operation import Format, FormatChoice, Operation, Parameter, Place
from .problems import Problem, refusals

__all__ = ["build_request"]


def build_request(
    operation: Operation[Any],
    values: Mapping[str, object],
    *,
    format: Format,
    base_url: str,
    credentials: Mapping[str, str],
) -> HttpRequest:
    """Build a request, or report everything that is wrong with it.

    Args:
        operation: what is called.
        values: Python values by Python name; None stands for a value not given.
        format: the format to ask for.
        base_url: scheme, host, port and possibly a path.
        credentials: secrets by Python name.

    Raises:
        InvalidRequestError: the values break the document's rules; all problems are listed.
        ConfigurationError: the operation has no such format, or a credential is missing.
    """
    choice = operation.formats.get(format)
    if choice is None:
        offered = ", ".join(operation.formats)
        raise ConfigurationError(f"{operation.call} is offered as {offered}, not as {format}")
    missing = [item.name for item in operation.credentials if not credentials.get(item.name)]
    if missing:
        raise ConfigurationError(f"{operation.call} needs {', '.join(missing)}")
    wire: dict[str, object] = {}
    for parameter in operation.parameters:
        if (value := values.get(parameter.name)) is not None:
            wire[parameter.wire] = _encoded(parameter, value)
    for credential in operation.credentials:
        wire[credential.wire] = credentials[credential.name]
    wire.update(choice.parameters)
    problems = refusals(_problems(operation, wire))
    if problems:
        wire.clear()  # tools that print the variables of a traceback find no value here
        raise InvalidRequestError(operation.call, problems)
    return _assembled(
        operation, choice, {name: str(value) for name, value in wire.items()}, base_url
    )


def _encoded(parameter: Parameter, value: object) -> object:
    try:
        text = parameter.encode(value)
    except EncodingError as error:
        return Unencodable(error.rule, error.message)
    if parameter.place == "path" and text in (".", ".."):
        return Unencodable("not-text", "would lead to another address")
    return text


def _problems(operation: Operation[Any], wire: Mapping[str, object]) -> list[Problem]:
    problems = operation.check_request(wire, "")
    # A check that does not know the field must not hide that its value could not be written.
    reported = {problem.wire for problem in problems if problem.rule != "unknown-field"}
    for parameter in operation.parameters:
        value = wire.get(parameter.wire)
        if isinstance(value, Unencodable) and parameter.wire not in reported:
            problems.append(
                Problem(
                    path=parameter.name,
                    wire=parameter.wire,
                    rule=value.rule,
                    message=value.message,
                )
            )
    return problems


def _assembled(
    operation: Operation[Any], choice: FormatChoice, wire: dict[str, str], base_url: str
) -> HttpRequest:
    places: dict[str, Place] = dict.fromkeys(choice.parameters, choice.place)
    sensitive = []
    for parameter in operation.parameters:
        places[parameter.wire] = parameter.place
        if (parameter.personal or parameter.secret) and parameter.wire in wire:
            sensitive.append(wire[parameter.wire])
    for credential in operation.credentials:
        places[credential.wire] = credential.place
        sensitive.append(wire[credential.wire])
    by_place: dict[Place, list[tuple[str, str]]] = {
        "query": [],
        "path": [],
        "header": [],
        "form": [],
    }
    for name, value in wire.items():
        by_place[places[name]].append((name, value))
    address = base_url.rstrip("/") + operation.path
    body, headers = _body(operation, by_place["form"])
    if choice.media_types:
        headers.append(("Accept", ", ".join(choice.media_types)))
    return HttpRequest(
        method=operation.method,
        url=_filled(address, by_place["path"]),
        safe_url=address,
        query=tuple(by_place["query"]),
        headers=(*headers, *by_place["header"]),
        body=body,
        sensitive=Hidden(sensitive),
    )


def _filled(address: str, values: list[tuple[str, str]]) -> str:
    for name, value in values:
        address = address.replace(f"{{{name}}}", quote(value, safe=""))
    return address


def _body(
    operation: Operation[Any], form: list[tuple[str, str]]
) -> tuple[bytes | None, list[tuple[str, str]]]:
    if operation.method == "GET":
        return None, []
    content = urlencode(form).encode("ascii")
    return content, [("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")]
