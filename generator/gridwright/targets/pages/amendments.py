"""What reference pages say of amendments: of all of them, and of those of an operation."""

from gridwright.ir import Amendment, Interface, Operation
from gridwright.output.escape import markdown, markdown_code

__all__ = ["amendment_view", "amendments_of", "amendments_page", "links_of_all_operations"]


def amendments_page(interface: Interface) -> dict[str, object]:
    """Describe all amendments of a system, by kind."""
    kinds = {"erratum": "Errata", "observation": "Observations", "private": "Private amendments"}
    groups = []
    for kind, title in kinds.items():
        found = [amendment_view(a) for a in interface.amendments if a.kind == kind]
        if found:
            groups.append({"title": title, "amendments": found})
    return {"system": interface.system, "title": markdown(interface.title_en), "groups": groups}


def amendment_view(amendment: Amendment) -> dict[str, object]:
    """Describe an amendment."""
    several = "s" if "," in amendment.lines or "-" in amendment.lines else ""
    where = f"line{several} {amendment.lines}" if amendment.lines else ""
    evidence = f"field note {amendment.evidence}" if amendment.evidence else ""
    strength = f"({amendment.strength})" if amendment.strength else ""
    return {
        "id": amendment.id,
        "kind": amendment.kind,
        "where": markdown(" ".join(p for p in (where, evidence, strength) if p)),
        "finding": markdown(amendment.finding),
        "ruling": markdown(amendment.ruling),
        "changes": [
            f"{markdown_code(path)}: {markdown_code(old) or 'nothing'} → "
            f"{markdown_code(new) or 'removed'}"
            for path, old, new in amendment.changes
        ],
    }


def amendments_of(interface: Interface, operation: Operation) -> list[Amendment]:
    """Return what is amended about an operation and its records."""
    places = {f"operations.{operation.name}"}
    starts = [*operation.reply.records]
    starts += [operation.body.record] if operation.body else []
    places |= {f"records.{r.name}" for start in starts for r in interface.reachable(start)}
    return [
        a
        for a in interface.amendments
        if any(p == place or p.startswith(f"{place}.") for p in a.about for place in places)
    ]


def links_of_all_operations(interface: Interface) -> list[str]:
    """Return links to what is amended about every call."""
    whole = {"operations", "records", "statuses", "limits", "auth", "soap"}
    below = ("statuses.", "limits.", "auth.", "soap.", "servers.", "credentials.", "envelopes.")
    return [
        f"[{a.id}](amendments.md#{a.id})"
        for a in interface.amendments
        if any(p in whole or p.startswith(below) for p in a.about)
    ]
