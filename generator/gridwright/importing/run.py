"""Import a foreign file: read it, draft a spec, write it where there is none yet."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from gridwright.diagnostics import Diagnostic
from gridwright.importing.draft import Draft, draft_spec
from gridwright.importing.own import edited_places, own_spec
from gridwright.importing.reading import Json, read_foreign
from gridwright.importing.swagger2 import as_openapi3
from gridwright.new import NewSpecError, check_system_name
from gridwright.pipeline import interface_of

__all__ = ["Imported", "draft_text", "import_file"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote, what it could not say, and what is still wrong with the draft."""

    path: Path
    operations: int
    left_out: tuple[str, ...]
    problems: tuple[Diagnostic, ...]


def import_file(file: Path, *, specs: Path, system: str) -> Imported:
    """Write ``specs/<system>/interface.yaml`` from a Swagger 2 or OpenAPI 3 file.

    Raises:
        ForeignFileError: the file cannot be read.
        NewSpecError: the name cannot be a package's name, or the folder exists.
    """
    check_system_name(system)
    folder = specs / system
    if folder.exists():
        raise NewSpecError(f"{folder} exists already: choose another name, and compare the two")
    document = read_foreign(file)
    draft, amendments = _drafted(document, system, file.name)
    folder.mkdir(parents=True)
    path = folder / "interface.yaml"
    path.write_text(draft_text(draft.spec, file.name, draft.left_out), encoding="utf-8")
    (folder / "amendments.yaml").write_text(_yaml(amendments), encoding="utf-8")
    _, problems = interface_of(specs, system)
    return Imported(path, len(draft.spec["operations"]), draft.left_out, problems)


def _drafted(document: Json, system: str, file: str) -> tuple[Draft, list[Any]]:
    """Return a draft and its amendments: restored from an export of ours, or made anew."""
    own = own_spec(document)
    edited = edited_places(document, own) if own else []
    if own and not edited:
        interface, amendments = own
        return Draft({**interface, "system": system}, ()), amendments
    draft = draft_spec(as_openapi3(document), system=system, file=file)
    changed = tuple(f"{place} since the export, so its spec was not restored" for place in edited)
    return Draft(draft.spec, (*changed, *draft.left_out)), []


def draft_text(spec: Json, file: str, left_out: tuple[str, ...]) -> str:
    """Return a draft as YAML, one fact a line, with what could not be said behind it."""
    text = _yaml(spec)
    head = f"# Draft, imported from {file}: names and sources are to be reviewed.\n\n"
    rest = "".join(f"# - {_comment(line)}\n" for line in left_out)
    return head + text + (f"\n# Not said above, for want of a word:\n{rest}" if rest else "")


def _yaml(value: object) -> str:
    text: str = yaml.dump(
        _quoted(value),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=1_000_000,
    )
    return text


class _Dumper(yaml.SafeDumper):
    """Writes no anchors, which specs do not have."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _quoted(value: object) -> object:
    """Let every scalar be a text, so that another reader of YAML sees what ours does."""
    if isinstance(value, dict):
        return {str(key): _quoted(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_quoted(item) for item in value]
    return str(value)


def _comment(line: str) -> str:
    return "".join(character if character.isprintable() else " " for character in line)
