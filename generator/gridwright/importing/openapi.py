"""Read an OpenAPI document as the description of an interface."""

from pathlib import Path

from gridwright.importing.access import read_schemes, read_servers
from gridwright.importing.description import Description
from gridwright.importing.documents import Documents, below
from gridwright.importing.operations import Reader
from gridwright.importing.read_file import ForeignFileError, Json
from gridwright.importing.schemas import Schemas
from gridwright.importing.shapes import Shapes, facts_of
from gridwright.importing.unsaid import Unsaid

__all__ = ["read_description"]


def read_description(
    document: Json, file: str, folder: Path | None = None
) -> tuple[Description, Unsaid]:
    """Return what a document says, and what it says that nothing here has a word for.

    Args:
        document: in the shape of OpenAPI 3.
        file: its name.
        folder: where further files are, to which it refers.

    Raises:
        ForeignFileError: a reference leads elsewhere, or something is nested too deep.
    """
    unsaid = Unsaid()
    documents = Documents(document, folder)
    schemas = Schemas(Shapes(documents, unsaid), unsaid)
    info = document.get("info")
    info = info if isinstance(info, dict) else {}
    try:
        schemes = read_schemes(documents, unsaid)
        servers = read_servers(document.get("servers"), "#/servers", unsaid)
        reader = Reader(
            documents, schemas, schemes, [one.address for one in servers if one.address], unsaid
        )
        operations = tuple(operation for _, operation in reader.operations())
        records = schemas.finish()
    except RecursionError:
        raise ForeignFileError(f"{file}: its schemas are nested too deep") from None
    for key in ("webhooks", "callbacks"):
        if document.get(key):
            unsaid.leave(f"#/{key}", "calls in the other direction", document[key])
    for key in ("externalDocs", "tags", "jsonSchemaDialect"):
        if document.get(key):
            unsaid.leave(f"#/{key}", key, document[key])
    for key in ("summary", "termsOfService", "contact", "license"):
        if info.get(key):
            unsaid.leave(f"#/info/{key}", key, info[key])
    _leave_unused(documents, unsaid)
    if info.get("description"):
        unsaid.leave("#/info/description", "the description of the whole", info["description"])
    description = Description(
        title=str(info.get("title") or ""),
        version=str(info.get("version") or ""),
        file=file,
        servers=servers,
        schemes=schemes,
        operations=operations,
        records=records,
        parameters=reader.parameters,
        facts=facts_of(info),
    )
    return description, unsaid


def _leave_unused(documents: Documents, unsaid: Unsaid) -> None:
    """List the components to which nothing refers."""
    components = documents.main.get("components")
    used = {"/".join(place.split("/")[:4]) for place in documents.met}
    for kind, found in components.items() if isinstance(components, dict) else ():
        if kind == "securitySchemes" or not isinstance(found, dict):
            continue
        for name, value in found.items():
            place = below("#/components", kind, name)
            if place not in used:
                unsaid.leave(place, "a component that nothing refers to", value)
