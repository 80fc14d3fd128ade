"""Change the text of a spec to other values; all that does not change stays, comments too."""

import yaml

from gridwright.importing.read_file import Json
from gridwright.importing.spec_text import entry_lines

__all__ = ["edited_text"]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Edit = tuple[int, int, str]
"""From and to which letter of the text another text stands."""


def edited_text(text: str, before: Json, after: Json) -> str:
    """Return a text that holds other values.

    Args:
        text: YAML, a mapping in block style.
        before: the values that it holds.
        after: those that it is to hold.
    """
    root = yaml.compose(text, _LOADER)
    if not isinstance(root, yaml.MappingNode):
        raise ValueError("the text holds no mapping")
    edits: list[_Edit] = []
    _edit(text, root, before, after, 0, edits)
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _edit(
    text: str, node: yaml.MappingNode, before: Json, after: Json, indent: int, edits: list[_Edit]
) -> None:
    entries = {key.value: (key, value) for key, value in node.value}
    behind = _line_start(text, node.start_mark.index)
    added: dict[int, list[str]] = {}
    for name, value in after.items():
        if name not in entries:
            added.setdefault(behind, []).extend(entry_lines(name, value, indent))
            continue
        key, old = entries[name]
        end = _line_end(text, _last_position(old))
        if before[name] != value:
            is_block = isinstance(old, yaml.MappingNode) and not old.flow_style
            if is_block and isinstance(value, dict) and value:
                inner = old.value[0][0].start_mark.column if old.value else indent + 2
                _edit(text, old, before[name], value, inner, edits)
            else:
                lines = "\n".join(entry_lines(name, value, indent)) + "\n"
                edits.append((_line_start(text, key.start_mark.index), end, lines))
        behind = end
    for name, (key, old) in entries.items():
        if name not in after:
            edits.append(
                (_line_start(text, key.start_mark.index), _line_end(text, _last_position(old)), "")
            )
    edits += [(place, place, "\n".join(lines) + "\n") for place, lines in added.items()]


def _last_position(node: yaml.Node) -> int:
    """Return where the last letter of a value stands, which the end of a block does not say."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return int(node.end_mark.index)


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1
