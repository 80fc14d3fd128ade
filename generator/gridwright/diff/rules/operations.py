"""Operations: names, addresses, formats, parameters, bodies and replies."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from gridwright.analysis.type_words import describe_type
from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import (
    alike,
    differ,
    elements,
    optional,
    provenance,
    spelt,
    values,
)
from gridwright.diff.index import REQUEST
from gridwright.diff.match import Matched, Names, match
from gridwright.diff.rule import RuleFinding, Spot, rule, spot_of
from gridwright.diff.rules.elements import compare_element, optional_element
from gridwright.diff.rules.fields import compare_field, field_key, needed_or_not
from gridwright.diff.rules.harvests import compare_harvest
from gridwright.diff.rules.helpers import compare_paging, compare_reconcile, layouts
from gridwright.diff.rules.requirements import compare_rules
from gridwright.diff.rules.statuses import compare_statuses
from gridwright.diff.verdicts import DocumentReading
from gridwright.ir import Body, CsvForm, Example, Interface, Operation, Parameter, Reply, Variant
from gridwright.ir.words import Shape

__all__ = ["RULES", "compare_operations", "match_operations"]

_WORDING = DocumentReading.WORDING

RULES = (
    rule("operation-added", "S/SS/S",
         "There is a further operation.",
         "nothing; `{what}()` is there to be called"),
    rule("operation-removed", "B/BN/B",
         "An operation is gone.",
         "stop calling `{what}()`; keep the old package for as long as the service still has it"),
    rule("operation-renamed", "N/NN/B",
         "An operation has been renamed in Python.",
         "call `{new}()` in place of `{old}()`", reading=_WORDING),
    rule("operation-printed-name-changed", "S/NN/N",
         "The document calls an operation otherwise; no message carries the name."),
    rule("soap-operation-name-changed", "R/BB/N",
         "The document calls an operation otherwise, and SOAP carries the name.",
         "upgrade when the service does"),
    rule("operation-number-changed", "S/NN/N", "The document numbers an operation otherwise."),
    rule("operation-label-changed", "S/NN/N",
         "The document describes an operation otherwise."),
    rule("operation-reworded", "N/NN/N", "We describe an operation in other words.",
         reading=_WORDING),
    rule("operation-became-write", "R/RN/R",
         "An operation counts as a write: it is never sent twice.",
         "catch OutcomeUnknownError around `{what}()`, and look what was stored; retries by "
         "the old package may do it twice"),
    rule("operation-became-read", "R/NN/S",
         "An operation counts as a read: it may be sent again.",
         "nothing; failed calls of `{what}()` are retried"),
    rule("method-changed", "R/BB/N",
         "An operation is asked by another HTTP method.",
         "upgrade when the service does"),
    rule("address-changed", "R/BB/N",
         "An operation has another address.",
         "upgrade when the service does"),
    rule("address-printed-otherwise", "S/NN/N",
         "The address is printed otherwise, and leads to the same place."),
    rule("operation-moved", "R/BB/R",
         "An operation belongs to another server.",
         "check which `base_url` or environment you give before you call `{what}()`"),
    rule("protocol-changed", "B/BB/R",
         "An operation speaks another protocol.",
         "upgrade when the service does"),
    rule("soap-action-changed", "R/BB/N",
         "What the header SOAPAction says of a message has changed.",
         "upgrade when the service does"),
    rule("request-media-changed", "R/BB/N",
         "The body of a request is of another media type.",
         "upgrade when the service does"),
    rule("format-added", "S/SS/S",
         "A reply can be had in a further format.",
         "nothing; `format=\"{new}\"` is there to be asked for"),
    rule("format-removed", "R/BN/B",
         "A reply can no longer be had in a format.",
         "do not ask for `format=\"{old}\"` of {what}"),
    rule("operation-left-to-an-example", "R/SN/B",
         "Only an example shows an operation: nothing is generated for it any more.",
         "stop calling `{what}()`"),
    rule("operation-described", "S/SS/S",
         "An operation that only an example showed is described: it is generated.",
         "nothing; `{what}()` is there to be called"),
    rule("example-added", "S/NN/N", "The document shows a further example."),
    rule("example-removed", "S/NN/N", "The document no longer shows an example."),
    rule("example-changed", "S/NN/N", "An example shows another address."),
    rule("envelope-swapped", "R/BB/R",
         "Another envelope wraps the reply of an operation, or none does.",
         "check how you catch failures of `{what}()`"),
    rule("gateways-changed", "R/RR/R",
         "Other envelopes than before judge what a gateway answers in the place of a reply.",
         "check how you catch failures of `{what}()`"),
    rule("failures-listed-otherwise", "R/RR/R",
         "A reply lists what failed beside its data, or does so in other lists, or no longer.",
         "look at `reply.failures`: what is listed there raises only where no data are left"),
    rule("automatic-value-added", "R/BR/S",
         "Requests carry a further value that the client fills in by itself.",
         "upgrade when the service asks for {what}"),
    rule("automatic-value-removed", "R/SB/S",
         "Requests no longer carry a value that the client filled in by itself.",
         "upgrade only once the service no longer asks for {what}"),
    rule("value-travels-elsewhere", "R/BB/N",
         "A value of a request travels in another place.",
         "upgrade when the service does"),
    rule("list-joined-otherwise", "R/BB/N",
         "Something else stands between the items of a list outside of a body.",
         "upgrade when the service does"),
    rule("argument-filled-otherwise", "R/NN/B",
         "A value that the caller gave is filled by the client, or the reverse, or by another "
         "credential.",
         "see whether calls still take {what}, and give the client the credential that it asks "
         "for"),
    rule("format-selected-otherwise", "R/BB/R",
         "Other values select the format of the reply.",
         "upgrade when the service does"),
    rule("body-made-or-unmade", "R/BB/B",
         "An operation is asked by a body where it was asked by parameters, or the reverse.",
         "write the calls of `{what}()` anew"),
    rule("body-arguments-changed", "R/NN/B",
         "The fields of another record are the arguments of a method.",
         "give `{what}()` the fields of {new}"),
    rule("body-record-swapped", "B/BB/B",
         "The body of a request is another record.",
         "give `{what}()` what {new} has"),
    rule("reply-record-swapped", "B/BB/B",
         "The reply is another record.",
         "read replies of `{what}()` as {new}"),
    rule("packing-changed", "B/BB/R",
         "A reply is packed otherwise, or no longer.",
         "upgrade when the service does; an archive of many is a list, and anything else what its "
         "one message holds"),
    rule("list-laid-out-otherwise", "R/BB/N",
         "JSON lays a list out otherwise: as objects, as arrays, as columns, or as an object with "
         "keys.",
         "upgrade when the service does"),
    rule("table-written-otherwise", "R/BB/N",
         "A table in CSV is written otherwise: its signs, its heading, what is before it, its "
         "encoding, or what a missing value looks like.",
         "upgrade when the service does"),
    rule("items-judged-otherwise", "R/BB/R",
         "The items of a list are judged otherwise, or now each by itself, or no longer.",
         "look at `reply.failures`: what failed is no record there, and else records may have "
         "failed"),
    rule("values-beside-added", "S/SS/R",
         "A reply has values beside its list.",
         "nothing; `reply.beside` is there to be read"),
    rule("values-beside-removed", "R/RS/B",
         "A reply no longer has values beside its list.",
         "stop reading `reply.beside`"),
    rule("attachments-allowed", "S/SS/S",
         "Further parts may go along with a message.",
         "nothing; they can be given, or stand in `attachments`"),
    rule("attachments-refused", "R/RN/B",
         "No further parts go along with a message any more.",
         "do not give attachments to `{what}()`, nor expect any"),
    rule("variant-added", "S/RS/R",
         "A reply has a further form, which some of its codes decide.",
         "be ready for {new} where you take the reply of `{what}()` apart"),
    rule("variant-removed", "R/SR/B",
         "A reply has one form less.",
         "do not expect {old} in replies of `{what}()`"),
    rule("variant-condition-changed", "R/RR/R",
         "Other codes decide which form a reply has.",
         "check when you expect which form of the reply of `{what}()`"),
    rule("variant-reworded", "N/NN/N", "We describe a form of a reply in other words.",
         reading=_WORDING),
    rule("reply-list-made-or-unmade", "R/BB/B",
         "A reply is a list where it was one record, or the reverse; or a value, or nothing.",
         "read replies of `{what}()` anew"),
)  # fmt: skip

_SHAPES: Mapping[Shape, str] = {
    "list": "a list",
    "record": "one record",
    "value": "one value",
    "file": "a file",
    "none": "nothing",
}
_NOWHERE = "the address of the server was undocumented, or is"
_IDLE = "nothing is generated for the operation: only an example shows it"

_VALUES = (
    ("number", "operation-number-changed", "number"),
    ("label", "operation-label-changed", "label"),
    ("en", "operation-reworded", "en"),
    ("description_en", "operation-reworded", "description_en"),
    ("method", "method-changed", "method"),
    ("protocol", "protocol-changed", "protocol"),
    ("request_media", "request-media-changed", "request_media"),
    ("soap_action", "soap-action-changed", "action"),
)


def match_operations(old: Interface, new: Interface) -> Matched[Operation]:
    """Pair operations: by name and address, by either, by what the document calls them."""
    return match(
        old.operations,
        new.operations,
        (
            lambda o: (o.name, o.path),
            lambda o: o.name,
            lambda o: (o.method, o.path),
            lambda o: (o.wire_name, o.number),
            lambda o: o.wire_name,
            lambda o: o.label or None,
        ),
    )


def compare_operations(matched: Matched[Operation], names: Names) -> Iterator[RuleFinding]:
    """Compare all operations of two interfaces."""
    for one, other in matched.pairs:
        spot = _spot(one, other)
        if one.known_by_example and other.known_by_example:
            spot = replace(spot, wire_idle=_IDLE, python_idle=_IDLE)
        yield from _operation(spot, one, other, names)
    for operation in matched.gone:
        yield (
            _idle(_spot(operation, operation), operation)
            .gone()
            .found("operation-removed", f"{operation.method} {operation.path}")
        )
    for operation in matched.added:
        yield (
            _idle(_spot(operation, operation), operation)
            .added()
            .found("operation-added", "", f"{operation.method} {operation.path}")
        )


def _operation(spot: Spot, old: Operation, new: Operation, names: Names) -> Iterator[RuleFinding]:
    yield from differ(spot, "operation-renamed", old.name, new.name)
    printed = "soap-operation-name-changed"
    if new.protocol == old.protocol == "http":
        printed = "operation-printed-name-changed"
    yield from differ(spot.at("wire_name"), printed, old.wire_name, new.wire_name)
    if old.kind != new.kind:
        yield spot.at("kind").found(f"operation-became-{new.kind}", old.kind, new.kind)
    yield from values(spot, old, new, _VALUES)
    yield from _address(spot, old, new, names)
    # That a reply brings nothing is told by its shape.
    if ("none",) not in (old.formats, new.formats) or old.reply.shape == new.reply.shape:
        yield from elements(
            spot.at("formats"), old.formats, new.formats, "format-removed", "format-added"
        )
    if old.known_by_example != new.known_by_example:
        rule_id = "operation-left-to-an-example" if new.known_by_example else "operation-described"
        yield spot.found(rule_id)
    before, after = (o.envelope.name if o.envelope else "" for o in (old, new))
    if before != after and _facts(old) != _facts(new):
        yield spot.at("envelope").found("envelope-swapped", before or "none", after or "none")
    gateways = [tuple(gateway.name for gateway in o.gateways) for o in (old, new)]
    yield from differ(spot.at("envelope"), "gateways-changed", *gateways)
    lists = [tuple(one.name for one in o.partial) for o in (old, new)]
    yield from differ(spot.at("envelope"), "failures-listed-otherwise", *lists)
    yield from _parameters(spot, old, new, names)
    yield from optional(
        spot.at("body"), old.body, new.body, "body-made-or-unmade", "body-made-or-unmade",
        lambda a, b: _body(spot, a, b, names),
        lambda body: body.record.name,
    )  # fmt: skip
    yield from _reply(spot, old.reply, new.reply, names)
    if old.reply.shape == new.reply.shape and _outer_containers(old) != _outer_containers(new):
        before_path, after_path = (
            " > ".join(_outer_containers(o)) or "the root" for o in (old, new)
        )
        yield spot.at("reply", "under").found("payload-moved", before_path, after_path)
    yield from compare_statuses(spot.at("statuses"), old.statuses, new.statuses)
    yield from compare_rules(spot.at("rules"), old.rules, new.rules)
    yield from compare_paging(spot, old.paging, new.paging)
    yield from compare_reconcile(spot, old.reconcile, new.reconcile, names.operations)
    yield from compare_harvest(spot, old.harvest, new.harvest, names.operations)
    yield from _examples(spot, old, new)
    yield from provenance(spot, old.cite, new.cite)
    yield from unjudged(spot, old, new)


def _table(form: CsvForm | None) -> str:
    if form is None:
        return "as RFC 4180 says"
    said = [f"cells between {form.separator!r}"]
    said += [] if form.heading else ["no heading"]
    said += [f"the heading begins with {form.heading_line!r}"] if form.heading_line else []
    said += [f"rows begin with {form.rows!r}"] if form.rows else []
    said += [f"{' or '.join(map(repr, form.ignore))} is ignored"] if form.ignore else []
    said += [f"the last line begins with {form.end!r}"] if form.end else []
    said += [f"{form.skip} lines before it"] if form.skip else []
    said += [f"in {form.encoding}"] if form.encoding else []
    said += [f"{' or '.join(map(repr, form.missing))} is missing"] if form.missing else []
    return ", ".join(said)


def _address(spot: Spot, old: Operation, new: Operation, names: Names) -> Iterator[RuleFinding]:
    place = spot.at("address", "text")
    # Where the server has moved as a whole, that is told there.
    whole = old.address.endswith(old.path) and new.address.endswith(new.path)
    if old.path != new.path:
        yield place.found("address-changed", old.address, new.address)
    elif old.address != new.address and not whole:
        yield place.found("address-printed-otherwise", old.address, new.address)
    if names.servers.get(old.server, "") != new.server:
        # Nobody knows where a server without an address was, so no wire can tell the difference.
        idle = old.server in names.nowhere[0] or new.server in names.nowhere[1]
        place = replace(place, wire_idle=spot.wire_idle or (_NOWHERE if idle else ""))
        yield place.found("operation-moved", old.server or "none", new.server or "none")


def _parameters(spot: Spot, old: Operation, new: Operation, names: Names) -> Iterator[RuleFinding]:
    matched = match(
        old.parameters,
        new.parameters,
        (
            lambda p: (p.field.name, p.field.wire),
            lambda p: p.field.wire,
            lambda p: p.field.name,
            lambda p: (p.field.label, type(p.field.type)) if p.field.label else None,
        ),
    )

    def parameter_spot(a: Parameter, b: Parameter) -> Spot:
        automatic = not a.is_argument and not b.is_argument
        return Spot(
            what=f"{new.name}({b.field.name})",
            old=None if spot.old is None else (*spot.old, "request", field_key(a.field)),
            new=None if spot.new is None else (*spot.new, "request", field_key(b.field)),
            cites=(a.field.cite, b.field.cite),
            spans=(a.field.span, b.field.span),
            wire_idle=spot.wire_idle,
            python_idle=spot.python_idle
            or ("the client fills the value in by itself" if automatic else ""),
        )

    for a, b in matched.pairs:
        yield from _parameter(parameter_spot(a, b), a, b, names)
    for parameter in matched.gone:
        rule_id = "automatic-value-removed"
        if parameter.is_argument:
            needed = "required-" if parameter.field.required else ""
            rule_id = f"{needed}request-field-removed"
        place = parameter_spot(parameter, parameter).gone()
        yield place.found(rule_id, _described(parameter))
    for parameter in matched.added:
        rule_id = "automatic-value-added"
        if parameter.is_argument:
            needed = "required" if parameter.field.required else "optional"
            rule_id = f"request-field-added-{needed}"
        place = parameter_spot(parameter, parameter).added()
        yield place.found(rule_id, "", _described(parameter))


def _parameter(spot: Spot, old: Parameter, new: Parameter, names: Names) -> Iterator[RuleFinding]:
    if not alike(old.field, new.field):
        yield from compare_field(spot, old.field, new.field, (REQUEST,), names, {})
    if old.field.required != new.field.required:
        became = "required" if new.field.required else "optional"
        marks = (needed_or_not(old.field.required), needed_or_not(new.field.required))
        yield spot.at("required").found(f"request-field-became-{became}", *marks)
    yield from differ(spot.at("in"), "value-travels-elsewhere", old.place.value, new.place.value)
    yield from differ(spot.at("under"), "value-travels-elsewhere", old.under, new.under)
    yield from differ(spot.at("join"), "list-joined-otherwise", old.join, new.join)
    renamed = {f"credential.{a}": f"credential.{b}" for a, b in names.credentials.items()}
    if (before := spelt(old.source, renamed)) != (after := spelt(new.source)):
        yield replace(spot, python_idle="").found("argument-filled-otherwise", before, after)
    elif sorted(old.formats) != sorted(new.formats):
        yield spot.at("values").found("format-selected-otherwise", _choices(old), _choices(new))
    yield from unjudged(spot, old, new)


def _body(spot: Spot, old: Body, new: Body, names: Names) -> Iterator[RuleFinding]:
    place = replace(spot.at("body"), cites=(old.cite, new.cite))
    same = names.records.get(old.record.name) == new.record.name
    if not same or old.is_value != new.is_value:
        yield place.at("value" if new.is_value else "of").found(
            "body-record-swapped", old.record.name, new.record.name
        )
    elif old.arguments != new.arguments and not _renamed(old, new):
        yield place.at("arguments").found(
            "body-arguments-changed", old.arguments or "none", new.arguments or "none"
        )
    yield from optional_element(
        place.at("root"), "root of the body", old.root, new.root, is_sent=True
    )
    yield from _attachments(place, old.attachments, new.attachments)
    yield from provenance(place, old.cite, new.cite)
    yield from unjudged(place, old, new)


def _renamed(old: Body, new: Body) -> bool:
    """Whether the field that holds the arguments has only another name on the wire."""
    before = [f.name for f in old.record.fields if f.wire == old.arguments]
    after = [f.name for f in new.record.fields if f.wire == new.arguments]
    return before == after != []


def _reply(spot: Spot, old: Reply, new: Reply, names: Names) -> Iterator[RuleFinding]:
    place = spot.at("reply")
    # What brings nothing has a record without a name, which is in no list.
    same = names.records.get(old.record.name, old.record.name) == new.record.name
    if not same and "none" not in (old.shape, new.shape):
        yield place.found("reply-record-swapped", old.record.name, new.record.name)
    yield from optional_element(place.at("root"), "root of the reply", old.root, new.root)
    yield from _attachments(place, old.attachments, new.attachments)
    yield from _variants(place.at("variants"), old, new, names)
    packings = (old.packing or "not packed", new.packing or "not packed")
    yield from differ(place.at("packed"), "packing-changed", *packings)
    yield from layouts(place.at("list"), old, new)
    yield from differ(place.at("csv"), "table-written-otherwise", _table(old.csv), _table(new.csv))
    if old.csv is not None and new.csv is not None:
        yield from provenance(place.at("csv"), old.csv.cite, new.csv.cite)
    judged = tuple(one.verdict.name if one.verdict else "none" for one in (old, new))
    yield from differ(place.at("list", "verdict"), "items-judged-otherwise", *judged)
    if (old.beside is None) != (new.beside is None):
        rule_id = "values-beside-removed" if new.beside is None else "values-beside-added"
        yield place.at("beside").found(rule_id)
    if old.shape != new.shape:
        yield place.found("reply-list-made-or-unmade", _SHAPES[old.shape], _SHAPES[new.shape])
    elif old.list is not None and new.list is not None:
        yield from compare_element(place.at("list"), "list of the reply", old.list, new.list)
        yield from optional_element(place.at("item"), "item of the list", old.item, new.item)
    yield from unjudged(place, old, new)


def _outer_containers(operation: Operation) -> tuple[str, ...]:
    """Return the containers around a payload that neither its list nor its envelope names."""
    reply, envelope = operation.reply, operation.envelope
    named = reply.list is not None and reply.list.wire != "."
    around = reply.payload[:-1] if named else reply.payload
    if envelope is not None and envelope.payload and around == (envelope.payload.wire,):
        return ()
    return around


def _attachments(spot: Spot, old: bool, new: bool) -> Iterator[RuleFinding]:
    if old != new:
        rule_id = "attachments-allowed" if new else "attachments-refused"
        yield spot.at("attachments").found(rule_id, old, new)


def _variants(spot: Spot, old: Reply, new: Reply, names: Names) -> Iterator[RuleFinding]:
    def name(variant: Variant) -> str:
        return names.records.get(variant.record.name, variant.record.name)

    matched = match(old.variants, new.variants, (name, lambda v: v.when))

    def variant_spot(a: Variant, b: Variant) -> Spot:
        return replace(
            spot.at(b.record.name), cites=(a.cite, b.cite), spans=(a.span, b.span),
        )  # fmt: skip

    for a, b in matched.pairs:
        place = variant_spot(a, b)
        yield from differ(place, "variant-condition-changed", _when(a), _when(b))
        yield from differ(place, "reply-record-swapped", name(a), b.record.name)
        yield from differ(place, "variant-reworded", a.en, b.en)
        yield from provenance(place, a.cite, b.cite)
        yield from unjudged(place, a, b)
    for variant in matched.gone:
        yield variant_spot(variant, variant).gone().found("variant-removed", variant.record.name)
    for variant in matched.added:
        yield variant_spot(variant, variant).added().found("variant-added", "", variant.record.name)


def _when(variant: Variant) -> str:
    return " and ".join(f"{field} is {' or '.join(values)}" for field, values in variant.when)


def _examples(spot: Spot, old: Operation, new: Operation) -> Iterator[RuleFinding]:
    matched = match(old.examples, new.examples, (lambda e: e.name,))

    def example_spot(a: Example, b: Example) -> Spot:
        return replace(
            spot.at("examples", b.name), what=f"example {b.name} of {new.name}",
            cites=(a.cite, b.cite),
        )  # fmt: skip

    for a, b in matched.pairs:
        place = example_spot(a, b)
        yield from differ(place.at("address"), "example-changed", a.address, b.address)
        yield from provenance(place, a.cite, b.cite)
        yield from unjudged(place, a, b)
    for example in matched.gone:
        yield example_spot(example, example).gone().found("example-removed", example.address)
    for example in matched.added:
        yield example_spot(example, example).added().found("example-added", "", example.address)


def _spot(one: Operation, other: Operation) -> Spot:
    return spot_of(other.name, ("operations",), one, other)


def _idle(spot: Spot, operation: Operation) -> Spot:
    if not operation.known_by_example:
        return spot
    return replace(spot, wire_idle=_IDLE, python_idle=_IDLE)


def _facts(operation: Operation) -> object:
    """What an envelope says, whatever it is called and wherever it is declared."""
    if operation.envelope is None:
        return None
    envelope = operation.envelope
    return (envelope.header.wire, envelope.success, envelope.code, envelope.message)


def _described(parameter: Parameter) -> str:
    field = parameter.field
    needed = "required" if field.required else "optional"
    wire = "undocumented" if field.provisional else field.wire
    return f"{wire}: {describe_type(field.type)}, {needed}"


def _choices(parameter: Parameter) -> str:
    return ", ".join(f"{format}: {value}" for format, value in sorted(parameter.formats))
