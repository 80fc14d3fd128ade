"""Write the body of a request, and the headers that describe it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from ..encodings import form, json, xml
from ..encodings.boundaries import random_boundary
from ..errors import ConfigurationError, GridwrightError, InvalidRequestError, UploadError
from ..interface import Encoding, Format, Operation, Part, Path
from ..multipart.attachment import Attachment
from ..multipart.upload import Progress
from ..texts.encoders import EncodingError
from .build_checks import form_problems, name_problems, problem_at, unwritable
from .build_plan import BuildPlan, PlannedPart

if TYPE_CHECKING:
    from ..encodings.varying_body import VaryingBody

__all__ = ["ACCEPT_CHARSET", "Content", "Sending", "content_of"]


class Sending(Struct, frozen=True):
    """The circumstances in which a request is sent."""

    base_url: str
    """Scheme, host, port and possibly a path."""
    attachments: Sequence[Attachment] = ()
    """Files that travel beside the record."""
    progress: Progress | None = None
    """A function that is called with how far the sending of files has come."""
    new_boundary: Callable[[], str] = random_boundary
    """A function that makes up the boundary between the parts of a body."""


class Content(Struct, frozen=True):
    """A body as far as it is written, and headers."""

    headers: tuple[tuple[str, str], ...]
    body: "bytes | VaryingBody | None"

    @property
    def is_whole(self) -> bool:
        """Whether the body is the same each time it is sent."""
        return self.body is None or isinstance(self.body, bytes)

    def __repr__(self) -> str:
        return "<Content>"


def content_of(
    operation: Operation[Any],
    plan: BuildPlan,
    arguments: Mapping[str, object],
    placed: Sequence[tuple[PlannedPart, object]],
    format: Format,
    sending: Sending,
) -> Content | GridwrightError:
    """Return body and headers, or why they cannot be written.

    Args:
        operation: what is called.
        plan: of it.
        arguments: those that travel in no other place, by wire name.
        placed: the parts with their values.
        format: the format that is asked for.
        sending: attachments.
    """
    if not plan.has_body:
        return Content(plan.accept, None)
    if plan.has_layouts:
        from .lay_out import KeyLostError, lay_out  # few bodies have such lists

        try:
            arguments = lay_out(arguments, operation.request.model)
        except KeyLostError as error:
            problem = problem_at(plan, error.path, error.rule, error.message)
            return InvalidRequestError(operation.call, [problem])
    try:
        tree = arguments if plan.is_value else _tree(plan, arguments, placed)
        if operation.soap is not None:
            from ..encodings.soap import SoapBody  # few systems speak it

            return Content(plan.accept, SoapBody(operation.soap, tree, sending.attachments))
        if plan.is_value:
            from .whole_body import whole_body  # most bodies are records

            return whole_body(operation, plan, tree.get("."), format)
        return _encoded(operation, plan, tree, format)
    except EncodingError as error:
        rule, message = error.rule, error.message
    except UnicodeEncodeError:
        rule, message = "control-character", "holds half a character"
    except OSError as error:
        # Not chained: the path may name a person.
        said = f"an attachment cannot be read: {error.strerror}"
        return UploadError(f"{operation.call}: nothing was sent: {said}")
    except UploadError as error:
        return UploadError(f"{operation.call}: {error}")
    return InvalidRequestError(operation.call, [unwritable(plan, tree, rule, message)])


def _encoded(
    operation: Operation[Any],
    plan: BuildPlan,
    tree: Mapping[str, object],
    format: Format,
) -> Content | GridwrightError:
    spec = operation.request.body
    encoding: Encoding | None = spec.encodings.get(format) if spec else None
    if plan.is_open and encoding != "json":
        problems = name_problems(plan, tree) if encoding == "xml" else form_problems(plan, tree)
        if problems:
            return InvalidRequestError(operation.call, problems)
    match encoding:
        case "json":
            headers = (("Content-Type", json.CONTENT_TYPE), *plan.accept, ACCEPT_CHARSET)
            return Content(headers, json.encode(tree))
        case "xml":
            body = xml.encode(tree, spec.root, spec.namespaces) if spec else b""
            return Content((("Content-Type", xml.CONTENT_TYPE), *plan.accept), body)
        case "form":
            body = form.encode(tree, plan.nulls)
            return Content((("Content-Type", form.CONTENT_TYPE), *plan.accept), body)
        case "multipart_form":
            from ..encodings.multipart_form import FormBody  # few operations send files

            return Content((*plan.accept, ACCEPT_CHARSET), FormBody(tree, plan.nulls))
    return ConfigurationError(f"{operation.call} writes no body where {format} is asked for")


def _tree(
    plan: BuildPlan, arguments: Mapping[str, object], placed: Sequence[tuple[PlannedPart, object]]
) -> Mapping[str, object]:
    """Return the body by wire names.

    Parts that stand among the arguments come behind them, as in a form; those in containers of
    their own come first, as headers do.
    """
    if not plan.has_body_parts:
        found: Mapping[str, object] = _nested(plan.under, arguments)
        return found
    parts = [(e.part, value) for e, value in placed if e.place == "body"]
    tree: dict[str, object] = {}
    for part, value in parts:
        if not _is_among(part, plan.under):
            _merge(tree, _nested(part.under, _item(part, value)))
    _merge(tree, _nested(plan.under, arguments))
    for part, value in parts:
        if _is_among(part, plan.under):
            _merge(tree, _nested(part.under, _item(part, value)))
    return tree


def _is_among(part: Part, under: Path) -> bool:
    return part.under == under and part.pair is None


def _item(part: Part, value: object) -> object:
    if part.json:
        from ..values.json_kinds import kind_in_json  # few documents say kinds

        value = kind_in_json(str(value), part.json)
    if part.pair is None:
        return {part.wire: value}
    name, content = part.pair
    return [{name: part.wire, content: value}]


def _nested(under: Path, value: Any) -> Any:
    for step in reversed(under):
        value = {step: value}
    return value


def _merge(tree: dict[str, object], more: Mapping[str, object]) -> None:
    """Put things into a tree beside those that are there."""
    for name, value in more.items():
        there = tree.get(name)
        if isinstance(there, dict) and isinstance(value, Mapping):
            _merge(there, value)
        elif isinstance(there, list) and isinstance(value, list):
            tree[name] = there + value
        else:
            tree[name] = dict(value) if isinstance(value, Mapping) else value


# The charset is named once: in the Content-Type, or here where a media type has none.
ACCEPT_CHARSET = ("Accept-Charset", "UTF-8")
