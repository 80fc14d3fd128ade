"""Where a tree holds text: each place with the part of the grammar that describes it."""

from collections.abc import Iterator
from dataclasses import dataclass

from gridwright.language import grammar

from .support import Place, Tree

_TEXT = {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True)
class Text:
    """One text of a tree.

    Attributes:
        place: where it stands; of a key, the place of its value.
        rule: the part of the grammar that allows it, as a path; what several parts share is one.
        is_key: it is the key of a mapping, such as a wire name.
    """

    place: Place
    rule: str
    is_key: bool

    def __str__(self) -> str:
        return f"{'key ' if self.is_key else ''}{'.'.join(map(str, self.place))}"


def texts_of(tree: Tree, name: str = "interface") -> Iterator[Text]:
    """Yield every free text of a tree: no word of the language, no name of ours, no line."""
    yield from _texts(tree, grammar(name), grammar(name), (), "")


def free_texts(name: str = "interface") -> set[str]:
    """Return every part of the grammar that allows a free text."""
    return set(_rules(grammar(name), grammar(name), "", frozenset()))


def _texts(tree: Tree, schema: Tree, root: Tree, place: Place, rule: str) -> Iterator[Text]:
    rule = _shared(schema, rule)
    schema = _resolved(schema, root)
    if isinstance(tree, str) and _is_free(schema):
        yield Text(place, rule, is_key=False)
    elif isinstance(tree, dict):
        for key, value in tree.items():
            known = schema.get("properties", {})
            if key in known:
                yield from _texts(value, known[key], root, (*place, key), f"{rule}.{key}")
            elif isinstance(schema.get("additionalProperties"), dict):
                if "propertyNames" not in schema:
                    yield Text((*place, key), f"{rule}.<key>", is_key=True)
                below = schema["additionalProperties"]
                yield from _texts(value, below, root, (*place, key), f"{rule}.*")
    elif isinstance(tree, list):
        for index, item in enumerate(tree):
            yield from _texts(item, schema.get("items", {}), root, (*place, index), f"{rule}[]")


def _rules(schema: Tree, root: Tree, rule: str, above: frozenset[str]) -> Iterator[str]:
    rule = _shared(schema, rule)
    if rule in above:
        return
    above |= {rule}
    schema = _resolved(schema, root)
    if _is_free(schema):
        yield rule
    for key, below in schema.get("properties", {}).items():
        yield from _rules(below, root, f"{rule}.{key}", above)
    if isinstance(below := schema.get("additionalProperties"), dict):
        if "propertyNames" not in schema:
            yield f"{rule}.<key>"
        yield from _rules(below, root, f"{rule}.*", above)
    if "items" in schema:
        yield from _rules(schema["items"], root, f"{rule}[]", above)


def _shared(schema: Tree, rule: str) -> str:
    """Name the part by what it refers to, so that a part used in many places counts once."""
    name = schema.get("$ref", "").rsplit("/", 1)[-1] if isinstance(schema, dict) else ""
    if name and name not in ("text", "name", "at", "line", "yes", "duration"):
        return f"#{name}"
    last = rule.rsplit(".", 1)[-1]
    return "reason" if last in ("assumed", "inferred", "observed") else rule


def _resolved(schema: Tree, root: Tree) -> Tree:
    while isinstance(schema, dict) and "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        schema = {**root["$defs"][name], **{k: v for k, v in schema.items() if k != "$ref"}}
    if not isinstance(schema, dict):
        return {}
    # What may be a text, or a mapping that says the same of the data, is looked at as a text.
    forms = (_resolved(form, root) for form in schema.get("anyOf", ()))
    return next((form for form in forms if _is_free(form)), schema)


def _is_free(schema: Tree) -> bool:
    return schema.get("type") == _TEXT["type"] and "pattern" not in schema
