"""Find the spec files of systems that are not in the one form. Reads, and writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gridwright.language import grammar
from gridwright.spec_format.format_text import FormatError, formatted

__all__ = ["Unformatted", "unformatted_files"]

_GRAMMARS = {"interface.yaml": "interface", "amendments.yaml": "amendments"}


@dataclass(frozen=True, slots=True)
class Unformatted:
    """A file, and what it is in the one form; None where it cannot be laid out, for a reason."""

    path: Path
    text: str | None
    problem: str = ""


def unformatted_files(specs: Path, systems: Sequence[str]) -> tuple[Unformatted, ...]:
    """Return the files of some systems that are not in the one form, in their order."""
    found: list[Unformatted] = []
    for system in systems:
        for name, kind in _GRAMMARS.items():
            path = specs / system / name
            if not path.is_file():
                continue
            try:
                text = path.read_bytes().decode("utf-8")
                wanted = formatted(text, str(path), grammar(kind))
            except UnicodeDecodeError:
                found.append(Unformatted(path, None, f"{path} is no UTF-8: save it as UTF-8"))
            except FormatError as error:
                found.append(Unformatted(path, None, str(error)))
            else:
                if wanted != text:
                    found.append(Unformatted(path, wanted))
    return tuple(found)
