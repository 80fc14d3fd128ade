"""Classes of SOAP messages, made by xsdata from the schema."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from gridwright.analysis.naming import class_name
from gridwright.ir import Element, Interface, Operation, Soap
from gridwright.output.escape import python_docstring
from gridwright.output.view import TextView
from gridwright.targets.python import folder_of, notice_of
from gridwright.targets.xml_schema.soap import soap_operations, soap_schemas
from gridwright.targets.xml_schema.wsdl import wsdl

if TYPE_CHECKING:
    from xsdata.codegen.models import Class
    from xsdata.models.config import GeneratorConfig

__all__ = ["header_class", "message_source", "reply_class", "request_class", "soap_views"]


def soap_views(interface: Interface, package: str) -> Iterator[TextView]:
    """Yield schema, service description and message classes; nothing where there is no SOAP."""
    soap = interface.soap
    if soap is None or not soap_operations(interface):
        return
    schemas = soap_schemas(interface, soap)
    folder = f"schemas/{interface.system}"
    for name, schema in schemas.items():
        yield TextView(f"{folder}/{name}", schema)
    yield TextView(f"{folder}/{interface.system}.wsdl", wsdl(interface, soap, tuple(schemas)))
    source = message_source(interface, soap, schemas)
    yield TextView(f"{folder_of(package)}/messages.py", source, python=True)


def request_class(operation: Operation) -> str:
    """Return the name of the class of an operation's request."""
    return f"{class_name(operation.name)}RequestMessage"


def reply_class(operation: Operation) -> str:
    """Return the name of the class of an operation's reply."""
    return f"{class_name(operation.name)}ReplyMessage"


def header_class(soap: Soap, element: Element) -> str:
    """Return the name of the class of a header block."""
    return "HeaderMessage" if element is soap.header else f"{class_name(element.wire)}HeaderMessage"


def message_source(interface: Interface, soap: Soap, schemas: Mapping[str, str]) -> str:
    """Return the module with a class for each message and each record within one."""
    from xsdata.codegen.resolver import DependenciesResolver
    from xsdata.formats.dataclass.generator import DataclassGenerator
    from xsdata.models import config as settings

    config = settings.GeneratorConfig(
        output=settings.GeneratorOutput(
            package="messages",
            structure_style=settings.StructureStyle.SINGLE_PACKAGE,
            docstring_style=settings.DocstringStyle.BLANK,
            ignore_patterns=True,
        )
    )
    names = _class_names(interface, soap)
    classes = _classes(config, schemas, {wire: shared[0] for wire, shared in names.items()})
    generator = DataclassGenerator(config)
    generator.normalize_packages(classes)
    registry = {known.qname: known.target_module for known in classes}
    source = generator.render_module(DependenciesResolver(registry=registry), classes)
    about = (
        f"SOAP messages of {interface.title_en}, bound by xsdata.\n\n"
        "The client makes them of the records in `models`, which are what a caller sees."
    )
    # Where messages share an element, they share its class.
    again = "".join(f"{name} = {first}\n" for first, *others in names.values() for name in others)
    head = f"# {notice_of(interface)}\n{python_docstring(about, indent=0)}\n\n"
    return f"{head}{source}\n\n{again}"


def _class_names(interface: Interface, soap: Soap) -> dict[str, list[str]]:
    """Return the names of the class of each element of the schema, by its wire name."""
    names = {block.element.wire: [header_class(soap, block.element)] for block in soap.blocks}
    for operation in soap_operations(interface):
        if operation.body is not None and operation.body.root is not None:
            names.setdefault(operation.body.root.wire, []).append(request_class(operation))
        if operation.reply.root is not None:
            names.setdefault(operation.reply.root.wire, []).append(reply_class(operation))
    return names


def _classes(
    config: "GeneratorConfig", schemas: Mapping[str, str], names: dict[str, str]
) -> "list[Class]":
    from xsdata.codegen.transformer import ResourceTransformer
    from xsdata.utils.namespaces import build_qname

    transformer = ResourceTransformer(config=config)
    # The address is a name alone: what is loaded already is not opened. Documents are imported
    # by their names as they stand, since nothing can be joined to such an address.
    first, *others = schemas
    transformer.preloaded[_ADDRESS] = schemas[first].encode()
    transformer.preloaded |= {name: schemas[name].encode() for name in others}
    transformer.process_sources([_ADDRESS])
    classes = transformer.analyze_classes(transformer.classes)
    for found in classes:
        wire = found.meta_name or found.name
        if found.is_element and wire in names:
            found.meta_name = wire
            found.qname = build_qname(found.target_namespace, names[wire])
    return classes


_ADDRESS = "memory:///messages.xsd"
