"""Rules that a whole interface must keep. One rule a module; each returns what it finds."""

from gridwright.checks import (
    body_paths,
    body_shapes,
    default_server,
    generated_names,
    limits,
    not_generated,
    soap_elements,
    verdict_fields,
    wire_known,
    wire_names,
)
from gridwright.diagnostics import Diagnostic
from gridwright.ir import Interface

__all__ = ["RULES", "check"]

RULES = (
    body_paths.check,
    body_shapes.check,
    default_server.check,
    generated_names.check,
    limits.check,
    not_generated.check,
    soap_elements.check,
    verdict_fields.check,
    wire_known.check,
    wire_names.check,
)


def check(interface: Interface) -> list[Diagnostic]:
    """Report every rule that the interface breaks."""
    return [found for rule in RULES for found in rule(interface)]
