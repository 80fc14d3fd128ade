"""Options of one operation, made from the generated method and the record of its arguments."""

import argparse
import inspect
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Literal, NamedTuple, get_args, get_origin

from msgspec.structs import fields

from ..interface import Operation
from ..record import Record
from ..tables.flatten import without_none
from .inputs import Inputs, read_json, read_structure, read_structures
from .packages import SystemPackage
from .parse_values import TypingContext, read_typed
from .usage_error import UsageError

__all__ = [
    "CommandLineOption",
    "add_arguments",
    "add_client_options",
    "gathered",
    "method_of",
]

# What a client is told that no text can say, or that may hold a password, and what this command
# sees to itself.
_NOT_TYPED = frozenset(
    {"transport", "clock", "ssl_context", "retry", "limit_store", "shared_store"}
)
_OF_THE_CLIENT = frozenset({"format", "strict", "timeout_seconds"})
_NOT_ASKED = frozenset({"progress"})
_MOST_DEPTH = 3


class CommandLineOption(NamedTuple):
    """An option that a client is made with."""

    name: str
    dest: str
    read: Callable[[Any], Any]


def method_of(package: SystemPackage, operation: Operation[Any], once: bool) -> Callable[..., Any]:
    """Return the method to call: the walk over all pages, where there is one and it is wanted."""
    name = operation.walk if operation.walk and not once else operation.name
    found: Callable[..., Any] = getattr(package.client, name)
    return found


def add_client_options(
    parser: argparse.ArgumentParser, package: SystemPackage, taken: Collection[str]
) -> list[CommandLineOption]:
    """Add what the client is made with, but for credentials; returns how to read it."""
    credentials = {item.name for item in package.system.credentials}
    docs = _documented(inspect.getdoc(package.client) or "")
    group = parser.add_argument_group("the client")
    found = []
    for name, parameter in _parameters(package.client.__init__).items():
        if name in credentials or name in _NOT_TYPED:
            continue
        option = f"--{'client-' if name in taken else ''}{name.replace('_', '-')}"
        dest = f"client {name}"
        kind = without_none(parameter.annotation)
        if kind is bool:
            group.add_argument(
                option, dest=dest, action=argparse.BooleanOptionalAction,
                default=argparse.SUPPRESS, help=_help(docs.get(name, "")),
            )  # fmt: skip
            found.append(CommandLineOption(name, dest, _as_it_is))
            continue
        group.add_argument(
            option, dest=dest, metavar="VALUE", default=argparse.SUPPRESS,
            required=parameter.default is parameter.empty, help=_help(docs.get(name, "")),
        )  # fmt: skip
        found.append(CommandLineOption(name, dest, _client_reader(kind, option)))
    return found


def add_arguments(
    parser: argparse.ArgumentParser, operation: Operation[Any], method: Callable[..., Any]
) -> None:
    """Add an option for each argument of a method, and one for each field of a record in it."""
    docs = _documented(inspect.getdoc(method) or "")
    group = parser.add_argument_group(f"arguments of {operation.name}")
    own = {text for action in parser._actions for text in action.option_strings}
    for name, parameter in _parameters(method).items():
        if name in _OF_THE_CLIENT or name in _NOT_ASKED:
            continue
        option = f"--{name.replace('_', '-')}"
        option = f"--argument{option[1:]}" if option in own else option
        kind = without_none(parameter.annotation)
        is_required = parameter.default is inspect.Parameter.empty
        said = docs.get(name, "")
        mark = "required: " if is_required else ""
        group.add_argument(
            option, dest=f"argument {name}", metavar=_metavar(kind), default=argparse.SUPPRESS,
            action="append" if _is_list(kind) else "store", help=_help(f"{mark}{said}"),
        )  # fmt: skip
        if _is_record(kind):
            _add_fields(group, option, name, kind, 1)


def gathered(
    options: argparse.Namespace,
    operation: Operation[Any],
    method: Callable[..., Any],
    about: TypingContext,
    inputs: Inputs,
    from_file: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the arguments of a call, of options and of a file; an option counts for more.

    Raises:
        UsageError: one cannot be read, or one that is required is not there.
    """
    parameters = {
        name: parameter
        for name, parameter in _parameters(method).items()
        if name not in _OF_THE_CLIENT and name not in _NOT_ASKED
    }
    if unknown := [name for name in from_file if name not in parameters]:
        raise UsageError(
            f"{operation.call} has no argument {', '.join(map(repr, unknown))}; "
            f"known: {', '.join(parameters)}"
        )
    wire_kinds = {f.name: without_none(f.type) for f in fields(operation.request.model)}
    typed = vars(options)
    found: dict[str, Any] = {}
    missing = []
    for name, parameter in parameters.items():
        kind = without_none(parameter.annotation)
        value: Any = from_file.get(name)
        if f"argument {name}" in typed:
            value = _option_value(typed[f"argument {name}"], kind, name, inputs)
        for key, text in typed.items():
            if key.startswith(f"argument {name}."):
                path = key.removeprefix(f"argument {name}.").split(".")
                value = _put_at(value, path, inputs.text(text, name))
        if value is not None:
            found[name] = _read(value, kind, wire_kinds.get(name), about, name)
        elif parameter.default is inspect.Parameter.empty:
            missing.append(f"--{name.replace('_', '-')}")
    if missing:
        raise UsageError(f"{operation.call} needs {', '.join(missing)}")
    return found


def _read(value: Any, kind: Any, wire_kind: Any, about: TypingContext, name: str) -> Any:
    if _is_upload(kind):
        return kind(_path(value, name))
    if _is_list(kind) and _is_upload(get_args(kind)[0]):
        return [get_args(kind)[0](_path(one, name)) for one in value]
    if _is_attachments(kind):
        return [_attachment(_path(one, name)) for one in value]
    if _is_destination(kind):
        return Path(str(value))
    return read_typed(value, kind, wire_kind, about, name)


def _option_value(value: Any, kind: Any, name: str, inputs: Inputs) -> Any:
    """Return what an option says: a text, the content of a file, a structure, or a list of them."""
    if _is_list(kind):
        item = get_args(kind)[0]
        if _is_attachments(kind) or _is_upload(item):
            return value
        if _is_record(item) or _is_mapping(item):
            return [one for text in value for one in read_structures(inputs.text(text, name), name)]
        return [line for text in value for line in inputs.lines(text, name)]
    if _is_upload(kind) or _is_destination(kind):
        return value
    if kind is bytes:
        return inputs.content(value, name) if value[:1] in "@-" else value
    if _takes_anything(kind):
        return read_json(inputs.text(value, name), name)
    if _is_record(kind) or _is_mapping(kind):
        return read_structure(inputs.text(value, name), name)
    return inputs.value(value, name)


def _put_at(value: Any, path: Sequence[str], text: str) -> dict[str, Any]:
    """Put a text into a structure, at a path of names."""
    whole = dict(value) if isinstance(value, Mapping) else {}
    if len(path) == 1:
        whole[path[0]] = text
    else:
        whole[path[0]] = _put_at(whole.get(path[0]), path[1:], text)
    return whole


def _add_fields(group: Any, option: str, name: str, model: type[Record], depth: int) -> None:
    for field in fields(model):
        kind = without_none(field.type)
        path, dest = f"{option}.{field.name.replace('_', '-')}", f"argument {name}.{field.name}"
        if _is_record(kind):
            if depth < _MOST_DEPTH:
                _add_fields(group, path, f"{name}.{field.name}", kind, depth + 1)
        elif get_origin(kind) is None and not _takes_anything(kind):
            group.add_argument(
                path, dest=dest, metavar="VALUE", default=argparse.SUPPRESS,
                help=f"wire name {field.encode_name}".replace("%", "%%"),
            )  # fmt: skip


def _client_reader(kind: Any, option: str) -> Callable[[str], Any]:
    if kind is float:
        return lambda text: _number(float, text, option)
    if kind is int:
        return lambda text: _number(int, text, option)
    choices = [str(one) for one in get_args(kind)] if kind is not str and _is_literal(kind) else []

    def read(text: str) -> str:
        if choices and text not in choices:
            raise UsageError(f"{option}: is one of {', '.join(choices)}")
        return text

    return read


def _as_it_is(value: Any) -> Any:
    return value


def _number(kind: type[float] | type[int], text: str, option: str) -> float:
    try:
        return kind(text)
    except ValueError:
        raise UsageError(f"{option}: write a number, such as 30") from None


def _takes_anything(kind: Any) -> bool:
    return hasattr(kind, "takes_anything")


def _is_literal(kind: Any) -> bool:
    return get_origin(kind) is Literal


def _parameters(function: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    found = dict(inspect.signature(function).parameters)
    found.pop("self", None)
    return found


def _documented(text: str) -> dict[str, str]:
    """Return what a docstring says of each argument."""
    found: dict[str, str] = {}
    name = ""
    for line in text.partition("Args:\n")[2].splitlines():
        if not line.startswith("    "):
            break
        if (start := re.match(r"    ([a-z_0-9]+): (.*)", line)) is not None:
            name, found[start[1]] = start[1], start[2]
        elif name:
            found[name] += f" {line.strip()}"
    return found


def _metavar(kind: Any) -> str:
    if _is_upload(kind) or _is_attachments(kind):
        return "FILE"
    if _is_list(kind) and _is_upload(get_args(kind)[0]):
        return "FILE"
    if _is_record(kind) or _is_mapping(kind):
        return "JSON|@FILE"
    if _is_list(kind):
        return "VALUE|@FILE"
    return "VALUE"


def _help(text: str) -> str:
    return text.replace("%", "%%")


def _is_list(kind: Any) -> bool:
    origin = get_origin(kind)
    return (
        isinstance(origin, type)
        and issubclass(origin, Collection)
        and not issubclass(origin, Mapping)
    )


def _is_mapping(kind: Any) -> bool:
    origin = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Record)


def _is_upload(kind: Any) -> bool:
    return isinstance(kind, type) and kind.__module__.endswith(".multipart.upload")


def _is_attachments(kind: Any) -> bool:
    return _is_list(kind) and get_args(kind)[0].__module__.endswith(".multipart.attachment")


def _is_destination(kind: Any) -> bool:
    """Whether it says where a file is to be written."""
    return any(get_origin(one) is IO for one in get_args(kind))


def _path(value: Any, name: str) -> Path:
    path = Path(str(value).removeprefix("@"))
    if not path.is_file():
        raise UsageError(f"{name}: there is no file {path}")
    return path


def _attachment(path: Path) -> Any:
    import mimetypes

    from ..multipart.attachment import Attachment  # few operations take them

    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Attachment(content=path, content_type=kind, filename=path.name)
