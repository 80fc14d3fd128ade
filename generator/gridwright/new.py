"""Start a spec: files with an example to overwrite, which pass `gridwright check`."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gridwright.language import grammar
from gridwright.resources import template_folder
from gridwright.spec_format.format_text import formatted
from gridwright.spec_names import is_reserved

__all__ = ["Choices", "NewSpecError", "check_system_name", "start_spec"]

_WIRE_NAME = re.compile(r"[A-Za-z_][\w-]*")


class NewSpecError(Exception):
    """A spec cannot be started; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The usual choices of an interface.

    Attributes:
        key: where an API key travels; none: there is none.
        session: whether a login by user name and password comes before.
        oauth: how an access token of OAuth 2.0 is got: `client` for client credentials, `refresh`
            for a refresh token that somebody was given by hand; empty: there is none.
        list: path of the list in the reply, its names joined by dots; ``.`` where the reply itself
            is the list, empty where it is one record.
        format: json, xml or both.
        paging: none; or how a request asks for a part of a long answer: by its rows, by the page's
            number, by an offset, by the token that the page before gave, or by the link in it.
    """

    key: str = "header"
    session: bool = False
    oauth: str = ""
    list: str = "readings"
    format: str = "json"
    paging: str = "none"


@dataclass(frozen=True, slots=True)
class _Beside:
    """What a reply says of its pages.

    Attributes:
        path: where it stands, as `paging` says it.
        name: of the field beside the list, in the document and in Python; empty: it is a header.
        type: of that field.
        en: what it is, in English.
    """

    path: str = ""
    name: str = ""
    type: str = ""
    en: str = ""


_TOTAL = _Beside(name="total", type="integer", en="how many readings there are in all")
_BESIDE = {
    "page": _TOTAL,
    "offset": _TOTAL,
    "token": _Beside(name="next", type="text", en="what asks for the next page"),
    "link": _Beside(name="next", type="text", en="address of the next page"),
}
"""By paging: what stands beside the list."""


def start_spec(specs: Path, system: str, choices: Choices | None = None) -> tuple[Path, ...]:
    """Write ``specs/<system>/`` and return its files; never writes over a file.

    Raises:
        NewSpecError: the name cannot be a package's name, the folder holds something, or the
            choices do not go together.
    """
    check_system_name(system)
    text = _text(system, choices or Choices())
    folder = specs / system
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NewSpecError(f"{folder} exists already: edit it, or choose another name")
    folder.mkdir(parents=True, exist_ok=True)
    amendments = (template_folder() / "spec" / "amendments.yaml").read_text(encoding="utf-8")
    written = []
    for name, content in (
        ("interface.yaml", text),
        ("amendments.yaml", amendments.replace("example_system", system)),
    ):
        path = folder / name
        path.write_text(content, encoding="utf-8")
        written.append(path)
    return tuple(written)


def _text(system: str, choices: Choices) -> str:
    under, listed = _path_of(choices)
    if choices.session and choices.oauth:
        raise NewSpecError("--session and --oauth are two logins of one spec: choose one of them")
    environment = Environment(
        loader=FileSystemLoader(template_folder()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701  # the output is YAML, and its texts are checked before
    )
    text = environment.get_template("spec/interface.yaml.j2").render(
        system=system,
        environment=system.upper(),
        key=choices.key,
        key_name="X-Api-Key" if choices.key == "header" else "apiKey",
        session=choices.session,
        oauth=choices.oauth,
        operation="list_readings" if choices.list else "get_reading",
        wire_name="listReadings" if choices.list else "getReading",
        en="meter readings of one day" if choices.list else "meter reading of one day",
        formats={"both": "json, xml"}.get(choices.format, choices.format),
        paging=choices.paging,
        under=", ".join(under),
        beside=_beside(choices, under),
        list='"."' if listed == "." else listed,
    )
    return formatted(text, "interface.yaml", grammar("interface"))


def _beside(choices: Choices, under: tuple[str, ...]) -> _Beside | None:
    """Return what the reply says of its pages; None: it says nothing, as where it is the list."""
    said = _BESIDE.get(choices.paging)
    if said is None:
        return None
    if choices.list != ".":
        return replace(said, path=".".join((*under, said.name)))
    if choices.paging in ("token", "link"):
        return _Beside(path="header Link" if choices.paging == "link" else "header X-Next")
    return None


def _path_of(choices: Choices) -> tuple[tuple[str, ...], str]:
    """Return the containers around the list, and its name."""
    if choices.list in ("", "."):
        if choices.paging != "none" and not choices.list:
            raise NewSpecError("a reply of one record has no pages: name its list by --list")
        return (), choices.list
    *under, listed = choices.list.split(".")
    for name in (*under, listed):
        if not _WIRE_NAME.fullmatch(name):
            raise NewSpecError(
                f"{choices.list!r} is no path of a list: join names by dots, such as "
                "response.body.items"
            )
    return tuple(under), listed


def check_system_name(system: str) -> None:
    """Refuse a name that cannot be a package's.

    Raises:
        NewSpecError: it is none.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", system) or is_reserved(system):
        raise NewSpecError(
            f"{system!r} cannot be a package's name: use lower-case words joined "
            "by underscores, such as example_grid, and no word of Python"
        )
