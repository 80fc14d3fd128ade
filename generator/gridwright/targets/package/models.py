"""Records as msgspec classes, made by datamodel-code-generator.

Records go through a JSON Schema, which is what it takes. Its part is what every such generator has
to do: it puts classes before those that hold them, spells unions and lists, and gathers imports.
What it cannot know, the facts of the wire and their docs, is laid out here for its template.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from gridwright.ir import (
    AnyType,
    BinaryType,
    BooleanType,
    CodeType,
    DecimalType,
    Field,
    IntegerType,
    Interface,
    ListType,
    Record,
    RecordType,
    TemporalType,
    TextType,
    TypeRef,
)
from gridwright.output.escape import python_docstring, python_mapping, python_text, python_texts
from gridwright.output.view import TextView
from gridwright.resources import template_folder
from gridwright.targets.calls.requests import request_record_names
from gridwright.targets.package.reading_methods import (
    ReadingMethodView,
    reading_constants,
    reading_imports,
    reading_methods,
)
from gridwright.targets.python import (
    field_doc,
    folder_of,
    json_marker,
    marker_type,
    model_fields,
    notice_of,
    number_marker,
    source_of,
    time_type,
)

__all__ = ["FieldView", "RecordView", "model_schema", "model_views"]

_BASE = "gridwright_runtime.record.Record"
_MARKERS = "gridwright_runtime.values.types"
_NUMBERS = "gridwright_runtime.texts.number_texts"
_KINDS = "gridwright_runtime.values.json_kinds"
_UPLOAD = "gridwright_runtime.multipart.upload.Upload"
_JSON = "gridwright_runtime.values.json_values.JsonValue"


@dataclass(frozen=True, slots=True)
class FieldView:
    """One attribute: what is assigned to it, and its docstring literal (empty: none)."""

    assignment: str
    doc: str


@dataclass(frozen=True, slots=True)
class RecordView:
    """What the class template needs besides names and types; all texts are Python literals.

    Attributes:
        personal: the names whose values are masked; empty: there are none.
        also: names seen on the wire beside the documented ones; empty: there are none.
        is_open: it holds items beside its fields, and no record that it extends does so already.
        filler: values of an entry that stands for nothing; empty: there is none.
        missing: texts that stand for a missing value, for each field that has some.
        located: where fields stand that are not in the record under their own names.
        readings: by method that returns readings, the constant that says their intervals.
    """

    docstring: str
    fields: Mapping[str, FieldView]
    personal: str
    also: str
    is_open: bool
    filler: str
    missing: tuple[tuple[str, str], ...]
    located: tuple[tuple[str, str], ...]
    readings: tuple[tuple[str, str], ...]
    methods: tuple[ReadingMethodView, ...]

    @property
    def has_facts(self) -> bool:
        """Whether anything is said of the record beside its fields."""
        return bool(
            self.personal
            or self.also
            or self.located
            or self.missing
            or self.filler
            or self.readings
        )


def model_views(interface: Interface, package: str) -> Iterator[TextView]:
    """Yield the module of all records."""
    yield TextView(f"{folder_of(package)}/models.py", _source(interface, package), python=True)


def _source(interface: Interface, package: str) -> str:
    from datamodel_code_generator import generate
    from datamodel_code_generator.enums import DataModelType, InputFileType
    from datamodel_code_generator.format import PythonVersion

    views: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    by_name = {record.name: record for record in interface.records}
    for record in interface.records:
        view = record_view(interface, record, by_name.get(record.extends))
        views[record.name] = {"record": view}
    is_open = any(record.open for record in interface.records)
    is_filled = any(record.filler for record in interface.records)
    says_missing = any(field.missing for record in interface.records for field in record.fields)
    is_located = any(field.is_located for record in interface.records for field in record.fields)
    tells = any(reading_constants(interface, record) for record in interface.records)
    says_more = any(view["record"].has_facts or view["record"].is_open for view in views.values())
    source = generate(
        model_schema(interface, package),
        input_file_type=InputFileType.JsonSchema,
        output_model_type=DataModelType.MsgspecStruct,
        custom_template_dir=template_folder() / "python" / "models",
        extra_template_data=views,
        base_class=_BASE,
        additional_imports=[
            "msgspec.field",
            *(["typing.ClassVar"] if says_more else []),
            *(["typing.Any"] if tells else []),
            *(
                ["collections.abc.Mapping"]
                if is_open or is_filled or is_located or says_missing
                else []
            ),
            *(["gridwright_runtime.record.Location"] if is_located else []),
            *reading_imports(interface, package),
        ],
        target_python_version=PythonVersion.PY_311,
        custom_file_header=f"# {notice_of(interface)}\n"
        + python_docstring(f"Records of {interface.title_en}.", indent=0),
        disable_timestamp=True,
        disable_future_imports=True,
        use_union_operator=True,
        use_standard_collections=True,
        use_title_as_name=True,
        keep_model_order=True,
        skip_root_model=True,
        formatters=[],
    )
    if not isinstance(source, str):
        raise TypeError("the model generator returned several modules for one schema")
    return source


def record_view(interface: Interface, record: Record, base: Record | None = None) -> RecordView:
    """Lay out one record for its template; ``base`` is the record that it extends."""
    fields: dict[str, FieldView] = {}
    documented: set[str] = set()
    for name, wire, field, _ in model_fields(fields_not_inherited(record, base)):
        default = ", default=None" if field.optional else ""
        shown = wire if field.series is None else (field.wire or field.name)
        if field.is_located:
            wire = field.key
            shown = _doc_name(field)
        doc = "" if field.name in documented else python_docstring(field_doc(field, wire=shown))
        documented.add(field.name)
        fields[name] = FieldView(f"field(name={python_text(wire)}{default})", doc)
    personal = [name for name, _, f, _ in model_fields(record.fields) if f.personal or f.secret]
    also = {w.name: f.key or f.name for f in record.fields for w in f.also}
    return RecordView(
        docstring=python_docstring(
            f"{record.en.rstrip('.')}.\n\nSource: {source_of(record.cite)} of the document."
        ),
        fields=fields,
        personal=f"frozenset({{{', '.join(map(python_text, personal))}}})" if personal else "",
        also=python_mapping(also) if also else "",
        is_open=record.open and not (base is not None and base.open),
        filler=python_mapping(dict(record.filler)) if record.filler else "",
        missing=tuple(
            (python_text(field.key if field.is_located else wire), python_texts(field.missing))
            for _, wire, field, _ in model_fields(record.fields)
            if field.missing
        ),
        located=tuple(
            (python_text(field.key), _location(field))
            for field in record.fields
            if field.is_located
        ),
        readings=tuple(
            (python_text(method), constant)
            for method, constant in reading_constants(interface, record)
        ),
        methods=tuple(reading_methods(interface, record)),
    )


def _doc_name(field: Field) -> str:
    """Return how docs name a field that stands elsewhere."""
    if field.block:
        return f"{field.wire} in {field.block} of the SOAP header"
    if field.in_header:
        return f"header {field.wire}"
    return field.key


def _location(field: Field) -> str:
    about = [f"name={python_text(field.wire)}"]
    if field.under:
        names = ", ".join(map(python_text, field.under))
        about.insert(0, f"under=({names},)")
    if field.item:
        about.append(f"item={python_text(field.item)}")
    if field.in_header:
        about.append("header=True")
    if field.block:
        about.append(f"block={python_text(field.block)}")
    if field.layout:
        about.append(f"layout={python_text(field.layout)}")
    if field.keyed_by:
        about.append(f"keyed_by={python_text(field.keyed_by)}")
    return f"Location({', '.join(about)})"


def model_schema(interface: Interface, package: str) -> dict[str, Any]:
    """Return the JSON Schema of all records in Python names, as the model generator reads it."""
    by_name = {record.name: record for record in interface.records}
    made = request_record_names(interface)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": {
            record.name: _object(
                record, by_name.get(record.extends), package, is_made=record.name in made
            )
            for record in interface.records
        },
    }


def fields_not_inherited(record: Record, base: Record | None) -> tuple[Field, ...]:
    """Return the fields that a record does not have from the one that it extends."""
    return record.fields[len(base.fields) :] if base is not None else record.fields


def _object(record: Record, base: Record | None, package: str, *, is_made: bool) -> dict[str, Any]:
    unfolded = model_fields(fields_not_inherited(record, base))
    own = {
        "type": "object",
        "properties": {
            name: _of_field(field, package, is_made=is_made) for name, _, field, _ in unfolded
        },
        # Every key is listed: whether it may be absent is said by the default alone.
        "required": [name for name, _, _, _ in unfolded],
    }
    if base is None:
        return {"title": record.name, **own}
    return {"title": record.name, "allOf": [{"$ref": f"#/$defs/{base.name}"}, own]}


def _of_field(field: Field, package: str, *, is_made: bool) -> dict[str, Any]:
    """Describe the values of a field, which JSON may have as another kind than their type."""
    if not field.json:
        return _nullable(field.type, package, is_made=is_made)
    kind: dict[str, Any] = {"type": "string", "customTypePath": f"{_KINDS}.{json_marker(field)}"}
    if isinstance(field.type, ListType):
        kind = {"type": "array", "items": kind}
    return {"anyOf": [kind, {"type": "null"}]}


def _nullable(type_: TypeRef, package: str, *, is_made: bool) -> dict[str, Any]:
    match type_:
        case TemporalType() if name := time_type(type_, is_made=is_made):
            time = {"type": "string", "customTypePath": f"{package}.times.{name}"}
            return {"anyOf": [time, {"type": "null"}]}
        case TextType() | CodeType():
            return {"type": ["string", "null"]}
        case IntegerType():
            return {"type": ["integer", "null"]}
        case DecimalType() if not type_.is_plain:
            number = {"type": "string", "customTypePath": f"{_NUMBERS}.{number_marker(type_)}"}
            return {"anyOf": [number, {"type": "null"}]}
        case DecimalType():
            return {"type": ["number", "null"], "format": "decimal"}
        case BooleanType():
            return {"type": ["boolean", "null"]}
        case TemporalType(pattern=pattern):
            marker = marker_type(pattern, is_made=is_made)
            if marker is None:
                return {"type": ["string", "null"]}
            return {
                "anyOf": [
                    {"type": "string", "customTypePath": f"{_MARKERS}.{marker}"},
                    {"type": "null"},
                ]
            }
        case BinaryType():
            return {"anyOf": [{"type": "string", "customTypePath": _UPLOAD}, {"type": "null"}]}
        case AnyType():
            return {"anyOf": [{"type": "string", "customTypePath": _JSON}, {"type": "null"}]}
        case RecordType(record=record):
            return {"anyOf": [{"$ref": f"#/$defs/{record}"}, {"type": "null"}]}
        case ListType(item=RecordType(record=record)):
            items: dict[str, Any] = {"$ref": f"#/$defs/{record}"}
            return {"anyOf": [{"type": "array", "items": items}, {"type": "null"}]}
        case ListType(item=BinaryType()):
            file = {"type": "string", "customTypePath": _UPLOAD}
            return {"anyOf": [{"type": "array", "items": file}, {"type": "null"}]}
        case ListType(item=item):
            items = _nullable(item, package, is_made=is_made)
            plain = {key: value for key, value in items.items() if key != "type"}
            items = {"type": items["type"][0], **plain}
            return {"anyOf": [{"type": "array", "items": items}, {"type": "null"}]}
        case _:
            assert_never(type_)
