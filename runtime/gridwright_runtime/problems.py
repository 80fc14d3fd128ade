"""Problems: what is wrong with a request, or unusual in a reply. Never holds a value."""

from collections.abc import Iterable

from msgspec import Struct

__all__ = ["RULES", "Deviation", "Problem", "refusals"]

RULES = (
    "required",
    "too-long",
    "too-short",
    "not-text",
    "not-number",
    "other-length",
    "other-form",
    "too-small",
    "too-large",
    "off-step",
    "too-few-items",
    "too-many-items",
    "too-many-digits",
    "too-many-decimals",
    "not-a-date",
    "implausible-date",
    "skipped-time",
    "undecided-time",
    "missing-position",
    "repeated-position",
    "repeated-reading",
    "no-such-position",
    "unplaced-reading",
    "interval-contradicts-end",
    "unknown-unit",
    "unknown-zone",
    "not-a-duration",
    "not-a-code",
    "unknown-field",
    "missing-field",
    "renamed-field",
    "wrong-type",
    "naive-time",
    "wrong-day-of-month",
    "control-character",
    "forbidden",
    "xml-declaration",
    "other-format",
    "repeated-field",
    "contradicted-key",
    "unreadable",
    "undocumented-name",
    "other-element",
    "wrong-order",
    "not-together",
    "other-than-asked",
    "not-answered",
    "fewer-than-total",
    "more-than-total",
    "partial-content",
    "other-encoding",
    "other-cells",
    "not-listed",
    "too-far-back",
    "not-packed",
    "missing-verdict",
    "other-namespace",
)
"""Every rule a problem can name; stable, so that programs may compare them."""


def refusals(problems: Iterable["Problem"]) -> list["Problem"]:
    """Return the problems for which a request is refused.

    A date that is implausible is one that no reply should hold; what a caller asks for, such as
    all days up to the year 9999, is theirs.
    """
    return [problem for problem in problems if problem.rule != "implausible-date"]


class Problem(Struct, frozen=True, kw_only=True):
    """One departure from the document, in a request or in a reply."""

    path: str
    """Where in Python's names, e.g. ``customer_number`` or ``records[3].energy_kwh_0015``."""
    wire: str
    """The name on the wire, e.g. ``pwr_qty0015``."""
    rule: str
    """One of `RULES`."""
    message: str
    """The fact in English; never a personal or secret value."""
    label: str = ""
    """The document's own words for the field; empty when it has none."""
    label_en: str = ""
    """The label in English."""
    source: str = ""
    """Document and line that say so, e.g. ``000_9b7e70a5ee68bee1.txt:77``; empty when none does."""

    def __str__(self) -> str:
        labels = ", ".join(label for label in (self.label, self.label_en) if label)
        name = self.path or self.wire or "reply"
        named = f"{name} ({labels})" if labels else name
        where = f" [{self.source}]" if self.source else ""
        return f"{named}: {self.rule}: {self.message}{where}"


Deviation = Problem
"""A problem seen in a reply: the reply is returned all the same."""
