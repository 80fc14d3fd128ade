"""Reference pages in Markdown: English, with the document's own words beside it."""

from collections.abc import Iterator

from gridwright.ir import Interface
from gridwright.output.escape import markdown, markdown_code
from gridwright.output.view import View
from gridwright.targets.pages.amendments import amendments_page
from gridwright.targets.pages.operation_page import operation_page
from gridwright.targets.pages.system_page import system_page
from gridwright.targets.pages.tables import MarkdownTable, describe_source
from gridwright.targets.python import notice_of

__all__ = ["docs_views"]


def docs_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the pages of one system; ``package`` is the import path of its package."""
    notice = notice_of(interface).replace("--", "- -")  # which would end the comment
    pages = [
        ("README", "overview", system_page(interface)),
        *(
            (o.name, "operation", operation_page(interface, o, package))
            for o in interface.operations
        ),
        ("codes", "codes", _codes(interface)),
        ("amendments", "amendments", amendments_page(interface)),
    ]
    for name, template, context in pages:
        path = f"docs/{interface.system}/{name}.md"
        yield View(path, f"docs/{template}.md.j2", {**context, "notice": notice}, python=False)


def _codes(interface: Interface) -> dict[str, object]:
    return {
        "system": interface.system,
        "title": markdown(interface.title_en),
        "lists": [
            {
                "anchor": codes.name,
                "name": markdown_code(codes.name),
                "en": markdown(codes.en),
                "source": describe_source(codes.cite),
                "table": MarkdownTable(
                    ("Code", "Label", "In English", "Source"),
                    tuple(
                        (
                            markdown_code(c.value),
                            markdown(c.label),
                            markdown(c.en),
                            describe_source(c.cite),
                        )
                        for c in codes.values
                    ),
                ),
            }
            for codes in interface.codes
        ],
    }
