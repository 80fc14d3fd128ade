"""The exchanges of this folder: each a spec and what travels, both written by hand.

A file has two documents. The first is the spec, as the generator gets it. The second says:

``shows``         the forms of the axes that the exchange shows, such as ``place: [query]``
``clock``         when it takes place; a Wednesday at noon in Seoul unless said
``client``        arguments of the client
``calls``         what is called: ``call``, ``arguments``, ``wire``, and ``result``, ``records``,
                  ``pages`` or ``error``; ``written``: what is written of a file
``hurried``       what the mock answers who sends all of it at once, and the limits it sees broken
``at_once``       how many requests may be under way
``wire``          what travels for a call: ``request``, ``reply``; ``after`` how many seconds after
                  the first; ``learns``: texts that the mock makes up and where its reply has them;
                  ``mock``: what the mock answers, as a status and a shape

Values that YAML does not have: ``!dec 1.5``, ``!length PT15M``, ``!file``,
``!record {of: Site, street: x}``; ``!file {as: open}`` is a file that is open for writing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from gridwright_runtime.times.durations import Duration

__all__ = ["EXCHANGES", "Exchange", "MadeFile", "MadeRecord"]

HERE = Path(__file__).parent


@dataclass(frozen=True)
class MadeRecord:
    """A record of the generated package, before it is known."""

    fields: Mapping[str, Any]


@dataclass(frozen=True)
class MadeFile:
    """A file to send, or an attachment."""

    fields: Mapping[str, Any]


class _Loader(yaml.SafeLoader):
    """Reads the values of exchanges."""


def _fields(loader: Any, node: Any) -> dict[str, Any]:
    return {str(key): value for key, value in loader.construct_mapping(node, deep=True).items()}


def _decimal(loader: Any, node: Any) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)))


_Loader.add_constructor("!dec", _decimal)
_Loader.add_constructor("!length", lambda loader, node: Duration.parse(node.value))
_Loader.add_constructor("!record", lambda loader, node: MadeRecord(_fields(loader, node)))
_Loader.add_constructor("!file", lambda loader, node: MadeFile(_fields(loader, node)))


@dataclass(frozen=True)
class Exchange:
    """One file."""

    name: str
    spec: bytes
    told: Mapping[str, Any]

    @property
    def forms(self) -> set[tuple[str, str]]:
        """The forms of the axes that it shows."""
        return {(axis, form) for axis, forms in self.told["shows"].items() for form in forms}


def _read(path: Path) -> Exchange:
    spec, _, told = path.read_text(encoding="utf-8").partition("\n---\n")
    return Exchange(path.stem, spec.encode() + b"\n", yaml.load(told, _Loader))


EXCHANGES = {path.stem: _read(path) for path in sorted(HERE.glob("*.yaml"))}
