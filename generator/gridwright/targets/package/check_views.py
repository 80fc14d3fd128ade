"""What a validator is, as Python: its name, and the calls that it makes."""

from dataclasses import dataclass

from gridwright.ir import Record
from gridwright.output.escape import python_text

__all__ = ["CallView", "CheckView", "call_text", "label_texts", "record_options"]


@dataclass(frozen=True, slots=True)
class CallView:
    """One line of a validator, as Python.

    Attributes:
        labels: the constant whose labels it is repeated for; empty: it stands once.
        only_for: the format, as Python, in which alone it is asked; empty: in all.
        codes: the constant of the codes that it names.
    """

    call: str
    labels: str = ""
    only_for: str = ""
    codes: str = ""


@dataclass(frozen=True, slots=True)
class CheckView:
    """One validator.

    Attributes:
        options: arguments of its last call, as Python.
        forms: for some values, given as Python, another validator judges.
    """

    name: str
    argument: str
    extra: str
    docstring: str
    calls: tuple[CallView, ...]
    options: str = ""
    forms: tuple[tuple[str, str], ...] = ()


def record_options(record: Record) -> str:
    """Return what is said of a whole record, as arguments of the last call of its check."""
    return "open=True" if record.open else ""


def call_text(method: str, wire: str, name: str, label: str, en: str, options: list[str]) -> str:
    """Return a call that judges a value under its wire name, as Python."""
    texts = [python_text(wire), f"name={python_text(name)}", *label_texts(label, en)]
    return f"validator.{method}({', '.join([*texts, *options])})"


def label_texts(label: str, en: str) -> list[str]:
    """Return what a value is called, as arguments."""
    said = [f"label={python_text(label)}"] if label else []
    return [*said, f"label_en={python_text(en)}"]
