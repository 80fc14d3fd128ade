"""The page of a system: its document, its servers and logins, and a table of its operations."""

from collections.abc import Iterator

from gridwright.analysis.source_words import source_words
from gridwright.ir import AuthStep, Credential, Interface
from gridwright.output.escape import markdown, markdown_code
from gridwright.targets.pages.amendments import amendments_of
from gridwright.targets.pages.field_tables import PLACES
from gridwright.targets.pages.overview import system_notes
from gridwright.targets.pages.tables import MarkdownTable, describe_source
from gridwright.targets.pages.verdicts import envelope_view

__all__ = ["system_page"]


def system_page(interface: Interface) -> dict[str, object]:
    """Describe a system as a whole."""
    document = interface.document
    return {
        "system": interface.system,
        "title": markdown(interface.title_en),
        "label": markdown(" — ".join(dict.fromkeys((interface.title, document.title)))),
        "file": markdown_code(document.file),
        "publisher": markdown(
            " / ".join(p for p in (document.publisher_en, document.publisher) if p)
        ),
        "zone": markdown_code(interface.zone),
        "missing": markdown(_missing(interface)),
        "missing_source": describe_source(interface.missing.cite),
        "operations": _operation_table(interface),
        "servers": _server_table(interface),
        "credentials": _credential_table(interface),
        "steps": MarkdownTable(
            ("Step", "Meaning", "Request", "Sends", "Lives", "Serves", "Source"),
            tuple(row for step in interface.auth_steps for row in _rows_of(step)),
        ),
        "certificate": f"{markdown(interface.certificate.en)} "
        f"({describe_source(interface.certificate.cite)})"
        if interface.certificate is not None
        else "",
        "presented": [
            f"{markdown_code(p.wire)} in the {p.place} ({describe_source(p.cite)})"
            for p in interface.presented
        ],
        "envelopes": [envelope_view(e) for e in interface.envelopes],
        "revisions": _revision_table(interface),
        "facts": _fact_table(interface),
        "notes": system_notes(interface),
        "amendment_count": len(interface.amendments),
        "code_count": len(interface.codes),
    }


def _operation_table(interface: Interface) -> MarkdownTable:
    return MarkdownTable(
        ("No.", "Python", "Wire name", "Label", "Meaning", "Source", "Amendments"),
        tuple(
            (
                markdown(o.number),
                f"[`{o.name}`]({o.name}.md)",
                markdown_code(o.wire_name),
                markdown(o.label),
                markdown(o.en),
                describe_source(o.cite),
                str(len(amendments_of(interface, o))),
            )
            for o in interface.operations
        ),
    )


def _server_table(interface: Interface) -> MarkdownTable:
    return MarkdownTable(
        ("Server", "Address", "Default", "Source"),
        tuple(
            (
                markdown(s.name),
                markdown_code(s.address) or "none in the document",
                "yes" if s is interface.default_server else "no",
                describe_source(s.cite),
            )
            for s in interface.servers
        ),
    )


def _credential_table(interface: Interface) -> MarkdownTable:
    return MarkdownTable(
        ("Argument", "Label", "Meaning", "Environment variable", "Source"),
        tuple(
            (
                markdown_code(c.name),
                markdown(c.label),
                _credential_meaning(c),
                markdown_code(c.environment),
                describe_source(c.cite),
            )
            for c in interface.credentials
        ),
    )


def _credential_meaning(credential: Credential) -> str:
    said = [markdown(credential.en)]
    if credential.matches:
        said.append(f"matches {markdown_code(credential.matches)}")
    return "; ".join([*said, *(["may be left out"] if credential.optional else [])])


def _revision_table(interface: Interface) -> MarkdownTable:
    return MarkdownTable(
        ("Version", "Date", "Change", "In English", "Source"),
        tuple(
            (
                markdown(r.version),
                markdown(r.date),
                markdown(r.change),
                markdown(r.en),
                describe_source(r.cite),
            )
            for r in interface.document.revisions
        ),
    )


def _fact_table(interface: Interface) -> MarkdownTable:
    return MarkdownTable(
        ("Fact", "As printed", "In English", "Source"),
        tuple(
            (
                markdown(f.label or f.name.replace("_", " ")),
                markdown(f.text),
                markdown(f.en),
                describe_source(f.cite),
            )
            for f in interface.document.facts
        ),
    )


def _missing(interface: Interface) -> str:
    """Say how a missing value is written, in the formats that some operation has."""
    offered = {format for operation in interface.operations for format in operation.formats}
    said = (("json", "JSON", interface.missing.json), ("xml", "XML", interface.missing.xml))
    told = [f"{name}: {', '.join(words)}" for form, name, words in said if form in offered]
    return "; ".join(told or [f"{name}: {', '.join(words)}" for _, name, words in said])


def _lives(step: AuthStep) -> str:
    if step.lifetime_read:
        until = "until the moment that" if step.lifetime_ends else "as long as"
        return f"{until} {markdown_code(step.lifetime_read)} says"
    if not step.lifetime:
        return "until it is refused"
    seconds = int(step.lifetime.total_seconds())
    return f"{seconds} s from its {step.lifetime_from.replace('_', ' ')}"


def _rows_of(step: AuthStep) -> Iterator[tuple[str, ...]]:
    yield _step(step)
    if step.renewal is not None:
        name, *cells = _step(step.renewal)
        yield (f"{name}, renewed", *cells)


def _step(step: AuthStep) -> tuple[str, ...]:
    addresses = "; ".join(
        f"{server + ': ' if server else ''}{markdown_code(address)}"
        for server, address in step.address
    )
    sends = "; ".join(
        f"{markdown_code(name)}: " + ", ".join(markdown_code(value) for _, value in values)
        for name, values in step.send
    )
    told = [sends] if sends else []
    told += [
        f"{markdown_code(name)} in the address: {markdown_code(value)}" for name, value in step.path
    ]
    told += [
        f"{markdown_code(part.wire)}{PLACES[part.place]}: {markdown(source_words(part.source))}"
        for part in step.further_parts
    ]
    return (
        markdown(step.name),
        markdown(step.en),
        f"{step.method} {addresses}",
        "; ".join(told),
        _lives(step),
        "one request" if step.once else "many requests",
        describe_source(step.cite),
    )
