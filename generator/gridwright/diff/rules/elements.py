"""Containers of a message: root, list, item, header, payload."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gridwright.diff.attributes import unjudged
from gridwright.diff.comparisons import alike, differ, optional, provenance, values
from gridwright.diff.index import REPLY, REQUEST
from gridwright.diff.rule import RuleFinding, Spot, rule
from gridwright.diff.verdicts import DocumentReading
from gridwright.ir import Element

__all__ = ["RULES", "compare_element", "compare_namespaces_of", "optional_element"]

RULES = (
    rule("element-renamed", "R/BB/N",
         "A container of a message has been renamed on the wire.",
         "upgrade when the service does"),
    rule("element-name-supplied", "S/RS/S",
         "A container of a message whose name was undocumented has one.",
         "upgrade: only now can the message be sent to a real server"),
    rule("element-name-withdrawn", "R/SB/R",
         "The name of a container of a message is undocumented now.",
         "do not upgrade where you send the message to a real server, unless a private amendment "
         "supplies the name"),
    rule("element-added", "S/SS/N", "A message has a further container in XML."),
    rule("element-removed", "R/SS/N", "A message no longer has a container in XML."),
    rule("namespace-changed", "S/SS/N",
         "The elements of a message are of another namespace in XML.",
         "nothing to read replies, which are read by local names; each side lists the other's "
         "namespace as a deviation"),
    rule("sent-in-other-namespace", "R/BB/N",
         "Elements that are sent are in another namespace.",
         "upgrade when the service does"),
    rule("element-formats-changed", "R/BB/N",
         "A container has its name in other formats.",
         "upgrade when the service does: under the other name nothing is found"),
    rule("element-label-changed", "S/NN/N", "The document describes a container otherwise."),
    rule("element-reworded", "N/NN/N", "We describe a container in other words.",
         reading=DocumentReading.WORDING),
)  # fmt: skip


def optional_element(
    spot: Spot, what: str, old: Element | None, new: Element | None, *, is_sent: bool = False
) -> Iterator[RuleFinding]:
    """Compare a container that may be missing."""
    named = replace(spot, what=f"{what} of {spot.what}")
    yield from optional(
        named, old, new, "element-removed", "element-added",
        lambda a, b: compare_element(spot, what, a, b, is_sent=is_sent),
        lambda e: e.wire,
    )  # fmt: skip


def compare_element(
    spot: Spot, what: str, old: Element, new: Element, *, is_sent: bool = False
) -> Iterator[RuleFinding]:
    """Compare one container."""
    if alike(old, new):
        return
    named = replace(
        spot, what=f"{what} of {spot.what}", cites=(old.cite, new.cite), spans=(old.span, new.span)
    )
    if old.provisional != new.provisional:
        rule_id = "element-name-supplied" if old.provisional else "element-name-withdrawn"
        yield named.at("element").found(rule_id, _wire_name(old), _wire_name(new))
    else:
        yield from differ(named.at("element"), "element-renamed", old.wire, new.wire)
    rule_id = "sent-in-other-namespace" if is_sent else "namespace-changed"
    yield from differ(named.at("namespace"), rule_id, *_spaces(old.namespace, new.namespace))
    yield from differ(named.at("formats"), "element-formats-changed", old.formats, new.formats)
    rows = (("label", "element-label-changed", "label"), ("en", "element-reworded", "en"))
    yield from values(named, old, new, rows)
    yield from provenance(named, old.cite, new.cite)
    yield from unjudged(named, old, new)


def compare_namespaces_of(
    spot: Spot, ways: Sequence[str], old: str, new: str
) -> Iterator[RuleFinding]:
    """Compare the namespaces of a record or a field that is sent, or comes back, or both."""
    place = spot.at("namespace")
    if REQUEST in ways:
        yield from differ(place, "sent-in-other-namespace", *_spaces(old, new))
    if REPLY in ways or not ways:
        yield from differ(place, "namespace-changed", *_spaces(old, new))


def _spaces(old: str, new: str) -> tuple[str, str]:
    return old or "as around it", new or "as around it"


def _wire_name(element: Element) -> str:
    return "undocumented" if element.provisional else element.wire
