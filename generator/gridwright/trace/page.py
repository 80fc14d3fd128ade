"""The document beside its spec, as one HTML page. Returns the view; never writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gridwright.output.escape import html
from gridwright.output.view import View
from gridwright.trace.coverage import Coverage
from gridwright.trace.facts import CitedFact
from gridwright.trace.lines import Lines
from gridwright.trace.summary import percent

__all__ = ["Sheet", "page_view"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one system brings to the page: its coverage, and the lines of all its texts.

    Attributes:
        files: lines of interface.yaml and amendments.yaml, by name.
    """

    coverage: Coverage
    lines: Lines | None
    text: Sequence[str]
    files: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class LinkView:
    """One link: where it leads and what it says, escaped."""

    target: str
    label: str
    title: str
    classes: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One line of a text, escaped."""

    id: str
    number: int
    text: str
    classes: str
    links: tuple[LinkView, ...]


@dataclass(frozen=True, slots=True)
class FileView:
    """One text with its lines."""

    name: str
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class SystemView:
    """One system: the document on one side, the files of its spec on the other."""

    id: str
    summary: str
    sides: tuple[tuple[FileView, ...], ...]


def page_view(sheets: Sequence[Sheet], path: str) -> View:
    """Return the page of some systems; ``path`` is where it will go."""
    names = ", ".join(sheet.coverage.system for sheet in sheets)
    context = {
        "title": html(f"Coverage of {names}"),
        "systems": [_system(sheet) for sheet in sheets],
    }
    return View(path, "trace/page.html.j2", context, python=False)


def _system(sheet: Sheet) -> SystemView:
    coverage = sheet.coverage
    return SystemView(
        id=html(coverage.system),
        summary=html(
            f"{percent(coverage):g} % of {coverage.document}, {len(coverage.cited)} lines cited, "
            f"{len(coverage.dismissed)} dismissed, {len(coverage.left)} left"
        ),
        sides=(
            (_document(sheet),),
            tuple(_file(name, rows, coverage) for name, rows in sheet.files.items()),
        ),
    )


def _document(sheet: Sheet) -> FileView:
    coverage = sheet.coverage
    withheld = sheet.lines.withheld_lines if sheet.lines else frozenset()
    rows = tuple(
        RowView(
            id=html(_line_id(coverage.system, number)),
            number=number,
            text=html("(withheld)" if number in withheld else line),
            classes=" ".join(_classes(number, coverage, withheld)),
            links=tuple(_to_fact(fact, coverage.system) for fact in coverage.cited.get(number, ()))
            or _reason(coverage.dismissed.get(number), coverage.system, number),
        )
        for number, line in enumerate(sheet.text, 1)
    )
    return FileView(html(coverage.document), rows)


def _classes(number: int, coverage: Coverage, withheld: frozenset[int]) -> list[str]:
    found = []
    if number in coverage.blank:
        found.append("blank")
    elif number in coverage.dismissed:
        found.append("dismissed")
    elif number not in coverage.cited:
        found.append("left")
    if number in withheld:
        found.append("withheld")
    if any(fact.kind == "erratum" for fact in coverage.cited.get(number, ())):
        found.append("erratum")
    return found


def _to_fact(fact: CitedFact, system: str) -> LinkView:
    where = "" if fact.file == "interface.yaml" else f"{fact.file.partition('.')[0]} "
    return LinkView(
        target=html(_row_id(system, fact.file, fact.span.line)),
        label=html(f"{where}{fact.span.line}"),
        title=html(f"{fact.kind}: {fact.name}"),
        classes="erratum" if fact.kind == "erratum" else "",
    )


def _reason(reason: str | None, system: str, number: int) -> tuple[LinkView, ...]:
    if reason is None:
        return ()
    return (LinkView(html(_line_id(system, number)), html(reason), "dismissed", ""),)


def _file(name: str, rows: Sequence[str], coverage: Coverage) -> FileView:
    citing: dict[int, list[CitedFact]] = {}
    for fact in coverage.facts:
        if fact.file == name:
            citing.setdefault(fact.span.line, []).append(fact)
    return FileView(
        html(name),
        tuple(
            RowView(
                id=html(_row_id(coverage.system, name, number)),
                number=number,
                text=html(row),
                classes="erratum"
                if any(fact.kind == "erratum" for fact in citing.get(number, ()))
                else "",
                links=tuple(
                    LinkView(
                        target=html(_line_id(coverage.system, first)),
                        label=html(str(first) if first == last else f"{first}-{last}"),
                        title=html(fact.name),
                        classes="",
                    )
                    for fact in citing.get(number, ())
                    for first, last in fact.lines
                ),
            )
            for number, row in enumerate(rows, 1)
        ),
    )


def _line_id(system: str, number: int) -> str:
    return f"{system}-L{number}"


def _row_id(system: str, file: str, number: int) -> str:
    return f"{system}-{file.partition('.')[0]}-{number}"
