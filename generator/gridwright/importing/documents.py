"""Follow references within a foreign file and to further files of its folder, never beyond."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

from gridwright.importing.read_file import ForeignFileError, Json, read_values

__all__ = ["Documents", "below"]

_LONGEST_CHAIN = 1000
_MOST_SUMMED = 4000
"""How many values of what is left out are looked into, references followed."""
_REMARKS = frozenset({"description", "example", "examples", "title", "summary"})


def below(place: str, *keys: object) -> str:
    """Return the place of something that stands below a place, as a JSON pointer."""
    escaped = (str(key).replace("~", "~0").replace("/", "~1") for key in keys)
    return "/".join((place, *escaped))


class Documents:
    """The file that is imported, and those that it refers to.

    A place is a JSON pointer, ``#/components/schemas/Pet``, after the name of the file where it
    is another than the imported one: ``common/pets.yaml#/Pet``.
    """

    def __init__(self, main: Json, folder: Path | None = None) -> None:
        """Begin with the imported file, and the folder in which it stands."""
        self.main = main
        self._folder = folder
        self._others: dict[str, Any] = {}
        self.met: set[str] = set()
        """Places to which references led."""

    def follow(self, value: Any, place: str) -> tuple[Any, str, str]:
        """Follow references from a value on.

        Returns:
            What is found, its place, and what is wrong with the references; "" for nothing.

        Raises:
            ForeignFileError: one leads into the network, out of the folder or to a file that
                cannot be read.
        """
        seen: set[str] = set()
        while isinstance(value, dict) and isinstance(value.get("$ref"), str):
            reference = value["$ref"]
            if place in seen or len(seen) > _LONGEST_CHAIN:
                return {}, place, "a reference that leads back to itself"
            seen.add(place)
            found = self._target(reference, place)
            if found is None:
                return {}, place, "a reference that leads nowhere"
            value, place = found
            self.met.add(place)
        return value, place, ""

    def summary(self, value: Any, place: str = "#") -> Any:
        """Return a value with references followed and without remarks.

        It stands for what is left out, so that a change behind a reference shows. What refers back
        to itself keeps its reference, and of what is very large the end is cut off.

        Args:
            value: schemas, or what holds some.
            place: where it stands.
        """
        return self._flat(value, place, (), [_MOST_SUMMED])

    def _flat(
        self, value: Any, place: str, open_: tuple[str, ...], left: list[int], named: bool = False
    ) -> Any:
        """Follow what a value refers to; ``named``: its keys are names of properties."""
        left[0] -= 1
        if left[0] < 0:
            return "…"
        if isinstance(value, list):
            return [self._flat(item, place, open_, left) for item in value]
        if not isinstance(value, dict):
            return value
        if isinstance(value.get("$ref"), str):
            target, there, trouble = self.follow(value, place)
            if trouble or there in open_:
                return value["$ref"]
            return self._flat(target, there, (*open_, there), left)
        return {
            str(key): self._flat(inner, place, open_, left, key == "properties" and not named)
            for key, inner in value.items()
            if named or key not in _REMARKS
        }

    def _target(self, reference: str, place: str) -> tuple[Any, str] | None:
        name, _, pointer = reference.partition("#")
        file = (
            _join_reference(place.partition("#")[0], name, reference)
            if name
            else place.partition("#")[0]
        )
        found = self._document(file, reference)
        keys = [unquote(key).replace("~1", "/").replace("~0", "~") for key in pointer.split("/")]
        for key in keys[1:] if pointer else ():
            if isinstance(found, dict) and key in found:
                found = found[key]
            elif (
                isinstance(found, list)
                and key.isascii()
                and key.isdigit()
                and int(key) < len(found)
            ):
                found = found[int(key)]
            else:
                return None
        return found, below(f"{file}#", *keys[1:]) if pointer else f"{file}#"

    def _document(self, file: str, reference: str) -> Any:
        if not file:
            return self.main
        if file not in self._others:
            if self._folder is None:
                raise ForeignFileError(f"{reference}: there is no folder to look for it in")
            folder = self._folder.resolve()
            path = (folder / file).resolve()
            if not path.is_relative_to(folder):
                raise ForeignFileError(f"{reference}: it leads out of the folder of the file")
            if not path.is_file():
                raise ForeignFileError(
                    f"{reference}: there is no file {file} beside the imported one: put it there"
                )
            self._others[file] = read_values(path)
        return self._others[file]


def _join_reference(file: str, name: str, reference: str) -> str:
    """Return the name of a file that another one refers to, from the folder on."""
    name = unquote(name)
    if ":" in name or name.startswith(("/", "\\")) or "\\" in name or "\0" in name:
        raise ForeignFileError(
            f"{reference}: references are followed within the folder of the file alone: "
            "put the other file beside it, and refer to that"
        )
    parts: list[str] = file.split("/")[:-1]
    for part in name.split("/"):
        if part == "..":
            if not parts:
                raise ForeignFileError(f"{reference}: it leads out of the folder of the file")
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)
