"""Code lists: constants to write, and labels to show."""

from collections.abc import Iterator
from dataclasses import dataclass

from gridwright.ir import CodeList, Interface
from gridwright.output.escape import python_docstring, python_text
from gridwright.output.view import View
from gridwright.targets.python import class_name, constant_name, folder_of, notice_of, source_of

__all__ = ["CodeListView", "code_views"]


@dataclass(frozen=True, slots=True)
class CodeListView:
    """One code list: its constants as (name, value, docstring), all texts Python."""

    name: str
    constant: str
    docstring: str
    values: tuple[tuple[str, str, str], ...]
    labels: tuple[tuple[str, str], ...]


def code_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the module of all code lists."""
    yield View(
        f"{folder_of(package)}/codes.py",
        "python/codes.py.j2",
        {
            "notice": notice_of(interface),
            "docstring": python_docstring(
                f"Code lists of {interface.title_en}.\n\nA field that takes one of these is text: "
                "a code that the document does not list is kept as it came.",
                indent=0,
            ),
            "lists": [_list(codes) for codes in interface.codes],
        },
    )


def _list(codes: CodeList) -> CodeListView:
    return CodeListView(
        name=class_name(codes.name),
        constant=constant_name(codes.name),
        docstring=python_docstring(
            f"{codes.en[:1].upper()}{codes.en[1:]}.\n\nSource: {source_of(codes.cite)}."
        ),
        values=tuple(
            (
                constant_name(c.name),
                python_text(c.value),
                python_docstring(
                    f"{c.en[:1].upper()}{c.en[1:]}{f' ({c.label})' if c.label else ''}."
                ),
            )
            for c in codes.values
        ),
        labels=tuple((python_text(c.value), python_text(c.label or c.en)) for c in codes.values),
    )
