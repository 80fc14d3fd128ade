"""Python expressions as data: spelt in one place, and the names that they need imported."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from gridwright.output.escape import python_text

__all__ = [
    "OWN",
    "Call",
    "DictDisplay",
    "Either",
    "Expression",
    "Function",
    "Given",
    "Imports",
    "ListDisplay",
    "Name",
    "Spread",
    "Subscript",
    "call",
    "dict_display",
    "imports_of",
    "spelled",
]

OWN = "."
"""The module of names of the generated package itself."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name, dotted or not.

    Attributes:
        module: where its first part is imported from; empty: it needs no import.
        whole: the module itself is imported, and the text begins with its name.
    """

    text: str
    module: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A call, or the making of an object."""

    of: Name
    arguments: "tuple[Expression, ...]" = ()
    named: "tuple[tuple[str, Expression], ...]" = ()

    def with_options(self, **named: "Expression") -> "Call":
        """Return the call with further arguments, but for those that are None, False or empty."""
        given = (item for item in named.items() if not _is_empty(item[1]))
        return Call(self.of, self.arguments, (*self.named, *given))


@dataclass(frozen=True, slots=True)
class DictDisplay:
    """A mapping, in its order.

    Attributes:
        before: other mappings whose entries come first.
    """

    entries: "tuple[tuple[Expression, Expression], ...]"
    before: "tuple[Spread, ...]" = ()


@dataclass(frozen=True, slots=True)
class Subscript:
    """A name with something in square brackets behind it, such as a generic type."""

    of: Name
    items: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class ListDisplay:
    """A list."""

    items: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """One type or another."""

    kinds: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Spread:
    """The items of a tuple inside of another, or the entries of a mapping."""

    of: Name
    is_mapping: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """None where the value of a name is None, and else something."""

    name: str
    then: "Expression"


@dataclass(frozen=True, slots=True)
class Function:
    """A function without a name."""

    parameters: tuple[str, ...]
    result: "Expression"


Expression: TypeAlias = (
    str | bool | int | float | Name | Call | DictDisplay | Subscript | ListDisplay | Either | Spread
    | Given | Function | tuple["Expression", ...] | None
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imports:
    """What a module imports, in order.

    Attributes:
        modules: those that are imported whole.
        names: module and names.
    """

    modules: tuple[str, ...]
    names: tuple[tuple[str, tuple[str, ...]], ...]


def call(of: Name, /, *arguments: Expression, **named: Expression) -> Call:
    """Return a call."""
    return Call(of, arguments, tuple(named.items()))


def _is_empty(value: Expression) -> bool:
    return value is None or value is False or value in ("", ()) or value == DictDisplay(())


def dict_display(entries: Iterable[tuple[Expression, Expression]]) -> DictDisplay:
    """Return a mapping."""
    return DictDisplay(tuple(entries))


def spelled(expression: Expression) -> str:
    """Spell an expression as Python, on one line."""
    match expression:
        case str():
            return python_text(expression)
        case None | bool() | int() | float():
            return repr(expression)
        case tuple():
            items = ", ".join(map(spelled, expression))
            return f"({items},)" if len(expression) == 1 else f"({items})"
        case Name(text=text):
            return text
        case Call(of=of, arguments=arguments, named=named):
            given = [*map(spelled, arguments), *(f"{k}={spelled(v)}" for k, v in named)]
            return f"{of.text}({', '.join(given)})"
        case DictDisplay(entries=entries, before=before):
            given = [*map(spelled, before), *(f"{spelled(k)}: {spelled(v)}" for k, v in entries)]
            return f"{{{', '.join(given)}}}"
        case Subscript(of=of, items=items):
            return f"{of.text}[{', '.join(map(spelled, items))}]"
        case ListDisplay(items=items):
            return f"[{', '.join(map(spelled, items))}]"
        case Either(kinds=kinds):
            return " | ".join(map(spelled, kinds))
        case Spread(of=of, is_mapping=is_mapping):
            return f"{'**' if is_mapping else '*'}{of.text}"
        case Given(name=name, then=then):
            return f"None if {name} is None else {spelled(then)}"
        case Function(parameters=parameters, result=result):
            return f"lambda {', '.join(parameters)}: {spelled(result)}"
        case _:
            assert_never(expression)


def imports_of(expressions: Iterable[Expression], package: str) -> Imports:
    """Return what a module with these expressions imports.

    Args:
        expressions: all of the module.
        package: import path of the generated package.
    """
    found: dict[str, set[str]] = {}
    whole: set[str] = set()
    for expression in expressions:
        for name in _names(expression):
            if name.whole:
                whole.add(name.module)
            elif name.module:
                module = package if name.module == OWN else name.module
                found.setdefault(module, set()).add(name.text.partition(".")[0])
    return Imports(
        modules=tuple(sorted(whole)),
        names=tuple((module, tuple(sorted(names))) for module, names in sorted(found.items())),
    )


def _names(expression: Expression) -> Iterator[Name]:
    match expression:
        case Name():
            yield expression
        case tuple():
            for item in expression:
                yield from _names(item)
        case Call(of=of, arguments=arguments, named=named):
            yield from _names((of, *arguments, *(value for _, value in named)))
        case DictDisplay(entries=entries, before=before):
            yield from _names(before)
            yield from _names(tuple(item for entry in entries for item in entry))
        case Subscript(of=of, items=items):
            yield from _names((of, *items))
        case ListDisplay(items=items) | Either(kinds=items):
            yield from _names(items)
        case Spread(of=of):
            yield of
        case Given(then=then):
            yield from _names(then)
        case Function(result=result):
            yield from _names(result)
        case _:
            return
