"""Validators: one readable function per record, request and reply."""

from collections.abc import Iterator

from gridwright.ir import Interface
from gridwright.output.escape import python_docstring, python_text
from gridwright.output.view import View
from gridwright.targets.calls.requests import request_record_names
from gridwright.targets.package.check_views import CheckView, record_options
from gridwright.targets.package.field_checks import field_calls, telling_records
from gridwright.targets.package.header_checks import header_checks
from gridwright.targets.package.reply_checks import reply_checks
from gridwright.targets.package.request_checks import request_check
from gridwright.targets.python import folder_of, notice_of, snake_name, source_of

__all__ = ["validator_views"]


def validator_views(interface: Interface, package: str) -> Iterator[View]:
    """Yield the module of all validators."""
    checks = [*_records(interface), *header_checks(interface)]
    for operation in interface.operations:
        checks += [request_check(interface, operation), *reply_checks(interface, operation)]
    labels = sorted({call.labels for check in checks for call in check.calls if call.labels})
    codes = sorted({call.codes for check in checks for call in check.calls if call.codes})
    yield View(
        f"{folder_of(package)}/validators.py",
        "python/validators.py.j2",
        {
            "notice": notice_of(interface),
            "docstring": python_docstring(
                f"Validators of {interface.title_en}: what is wrong with a message, as values.\n\n"
                "A message is a mapping of wire names, as it stands in the parameters of a "
                "request, in a JSON object or in the elements of an XML record. Nothing is "
                "raised, and an empty list means that nothing was found.",
                indent=0,
            ),
            "document": python_text(interface.document.file),
            "labels": labels,
            "codes": codes,
            "checks": checks,
        },
    )


def _records(interface: Interface) -> Iterator[CheckView]:
    # What the record of a request is called may be what the request's own check is called.
    made, telling = request_record_names(interface), telling_records(interface)
    requests = {o.body.record.name for o in interface.operations if o.body is not None}
    taken = {f"check_{operation.name}_request" for operation in interface.operations}
    for record in interface.records:
        if record.name in made or (
            record.name in requests and f"check_{snake_name(record.name)}" in taken
        ):
            continue
        yield CheckView(
            name=f"check_{snake_name(record.name)}",
            argument="record",
            extra="",
            docstring=python_docstring(
                f"Find what is wrong with one record as it stands on the wire: {record.en}.\n\n"
                f"Source: {source_of(record.cite)}."
            ),
            calls=tuple(field_calls(record.fields, telling)),
            options=record_options(record),
        )
