"""Rules that a whole interface must keep. One rule a module; each returns what it finds."""

from gridwright.checks import (
    echoes,
    envelopes,
    forms_together,
    generated_names,
    harvests,
    impossible_values,
    intervals,
    json_kinds,
    layouts,
    limits,
    logins,
    namespaces,
    optional_credentials,
    paging,
    paths,
    reconciling,
    rules_over_fields,
    same_address,
    servers,
    soap_elements,
    statuses,
    verdict_fields,
    wire_names,
)
from gridwright.diagnostics import Diagnostic
from gridwright.ir import Interface

__all__ = ["RULES", "check"]

RULES = (
    echoes.check,
    envelopes.check,
    forms_together.check,
    generated_names.check,
    harvests.check,
    impossible_values.check,
    intervals.check,
    json_kinds.check,
    layouts.check,
    limits.check,
    logins.check,
    namespaces.check,
    optional_credentials.check,
    paging.check,
    paths.check,
    reconciling.check,
    rules_over_fields.check,
    same_address.check,
    servers.check,
    soap_elements.check,
    statuses.check,
    verdict_fields.check,
    wire_names.check,
)


def check(interface: Interface) -> list[Diagnostic]:
    """Report every rule that the interface breaks."""
    return [found for rule in RULES for found in rule(interface)]
