"""Read the files of a system and lay its amendments over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gridwright.amend import apply_amendments
from gridwright.diagnostics import Diagnostic, Span
from gridwright.language import check_grammar
from gridwright.source import Node, Plain, read_yaml

__all__ = ["Amended", "amend_text", "find_systems", "load_system", "relative_path"]


@dataclass(frozen=True, slots=True)
class Amended:
    """A transcription with its amendments applied, and the amendments for the record.

    Attributes:
        transcription: the spec as it was before.
    """

    root: Node
    amendments: tuple[Node, ...]
    transcription: Node

    def plain(self) -> dict[str, Plain]:
        """Return spec and amendments as plain values, for those who would restore them."""
        return {
            "interface": self.transcription.plain(),
            "amendments": [node.plain() for node in self.amendments],
        }


def find_systems(specs: Path) -> tuple[str, ...]:
    """Return the ids of all systems below ``specs``, sorted."""
    return tuple(sorted(path.parent.name for path in specs.glob("*/interface.yaml")))


def load_system(
    specs: Path, system: str, extra: Sequence[Path] = ()
) -> tuple[Amended | None, list[Diagnostic]]:
    """Read ``specs/<system>`` and further amendment files.

    Returns:
        The amended spec, None where a file cannot be read at all, and what is wrong.
    """
    folder = specs / system
    main = folder / "interface.yaml"
    if not main.is_file():
        span = Span(relative_path(main), 1, 1)
        known = ", ".join(find_systems(specs)) or "none"
        return None, [
            Diagnostic(
                span,
                "no-such-system",
                f"there is no spec of {system!r}",
                f"known: {known}; `gridwright new {system}` starts one",
            )
        ]
    own = folder / "amendments.yaml"
    files = [*([own] if own.is_file() else []), *extra]
    texts = [(path.read_bytes(), relative_path(path)) for path in files]
    loaded, problems = amend_text(main.read_bytes(), relative_path(main), texts)
    if loaded is not None and (name := loaded.root.string("system")) != system:
        span = (loaded.root.get("system") or loaded.root).span
        problems.append(
            Diagnostic(
                span,
                "wrong-folder",
                f"system {name!r} stands in folder {system!r}",
                "give both the same name",
            )
        )
    return loaded, problems


def amend_text(
    spec: bytes, file: str, amendments: Sequence[tuple[bytes, str]]
) -> tuple[Amended | None, list[Diagnostic]]:
    """Read a spec and its amendments from memory; each amendment file with its name."""
    root, problems = read_yaml(spec, file)
    if root is None:
        return None, problems
    problems += check_grammar(root, "interface")
    items: list[Node] = []
    for data, name in amendments:
        node, found = read_yaml(data, name)
        problems += found
        if node is not None:
            problems += check_grammar(node, "amendments")
            items += node.items or ()
    amended, found = apply_amendments(root, items)
    problems += found
    if amended is not root:
        problems += _only_new(check_grammar(amended, "interface"), problems)
    return Amended(amended, tuple(items), root), problems


def _only_new(found: list[Diagnostic], known: list[Diagnostic]) -> list[Diagnostic]:
    """Keep what the amendments brought in."""
    return [diagnostic for diagnostic in found if diagnostic not in known]


def relative_path(path: Path) -> str:
    """Name a file as a person in the working directory would."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
