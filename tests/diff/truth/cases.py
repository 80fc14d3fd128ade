"""Changes whose verdicts are checked against the truth: id, base, patch.

What is safe has to hold in fact. What breaks is here too, so that the checks are seen to fail.
"""

from ..support import GONE, Tree

_L = "operations.list_readings"
_Q = f"{_L}.request"
_R = f"{_L}.reply.fields"
_SERIES = f"{_R}.q0600~q2400.series"
_S = "operations.save_setting"
_NEW = "records.NewReading.fields"
_STORED = "records.StoredReading.fields"


def _field(**keys: Tree) -> Tree:
    return {"name": "extra", "en": "extra", "type": "text", "at": "60", **keys}


_AREAS: Tree = {
    "wire_name": "listAreas",
    "en": "areas",
    "kind": "read",
    "at": "61",
    "method": "GET",
    "address": {"text": "/areas", "at": "61"},
    "formats": ["json"],
    "envelope": "common",
    "reply": {
        "record": "Area",
        "record_en": "one area",
        "list": {"element": "areas", "at": "61"},
        "fields": {"area": {"name": "area", "type": "text", "at": "61"}},
    },
}
_NO_DATA: Tree = {"error": "no_data", "en": "none", "at": "12"}

CASES: dict[str, tuple[str, dict[str, Tree]]] = {
    # Parameters and replies.
    "reply_field_added": ("full", {f"{_R}.extra": _field()}),
    "reply_optional_field_added": ("full", {f"{_R}.extra": _field(presence="optional")}),
    "reply_field_removed": ("full", {f"{_R}.phases": GONE}),
    "reply_optional_field_removed": ("full", {f"{_R}.loose": GONE, "units": GONE}),
    "reply_field_became_optional": ("full", {f"{_R}.phases.presence": "optional"}),
    "reply_field_became_certain": ("full", {f"{_R}.loose.presence": "always"}),
    "reply_field_renamed": ("full", {f"{_R}.phases.name": "phase_count"}),
    "reply_field_wire_renamed": ("full", {f"{_R}.phases": "(as phase_cnt)"}),
    "reply_field_wire_renamed_old_read": (
        "full",
        {
            f"{_R}.phases": "(as phase_cnt)",
            f"{_R}.phase_cnt.also": {"phases": {"observed": "seen"}},
        },
    ),
    "reply_names_swapped": (
        "full",
        {
            f"{_R}.meterNo": "(as meter)",
            f"{_R}.meter.also": {"meterNo": {"observed": "seen"}},
        },
    ),
    "reply_size_grown": ("full", {f"{_R}.meterNo.size": "40"}),
    "reply_size_shrunk": ("full", {f"{_R}.meterNo.size": "8"}),
    "reply_digits_grown": ("full", {f"{_R}.phases.size": "4"}),
    "reply_type_changed": (
        "full",
        {f"{_R}.phases.type": "text", f"{_R}.phases.range": GONE},
    ),
    "reply_pattern_changed": ("full", {f"{_R}.sent_at.format": "yyyymmddhh"}),
    "reply_text_became_code": ("full", {f"{_R}.token.type": "code", f"{_R}.token.codes": "kind"}),
    "reply_code_became_text": ("full", {f"{_R}.kind.type": "text"}),
    "reply_code_added": ("full", {"codes.yes_no.values.U": {"name": "unknown", "at": "9"}}),
    "reply_code_renamed": ("full", {"codes.yes_no.values.N.name": "nope"}),
    "reply_marked_personal": ("full", {f"{_R}.phases.personal": "yes"}),
    "reply_unit_changed": (
        "full",
        {f"{_R}.total.unit": "MWh", f"{_R}.total.name": "total_mwh"},
    ),
    "reply_series_shorter_step": ("full", {f"{_SERIES}.step": "PT3H", f"{_SERIES}.first": "0300"}),
    "reply_series_wire_renamed": ("full", {f"{_SERIES}.wire": "e{hhmm}"}),
    "marks_opened": ("full", {f"{_SERIES}.label_marks": "undecided"}),
    "marks_decided": ("full", {f"{_S}.reply.fields.qty.instant.label_marks": "start"}),
    "record_renamed": ("full", {f"{_L}.reply.record": "Reading1"}),
    "list_renamed": ("full", {f"{_L}.reply.list.element": "list"}),
    "request_field_added_optional": ("full", {f"{_Q}.extra": _field(required="X")}),
    "request_field_added_required": ("full", {f"{_Q}.extra": _field(required="O")}),
    "request_field_removed": ("full", {f"{_Q}.pages": GONE, "samples.pages": GONE}),
    "request_field_became_required": ("full", {f"{_Q}.kind.required": "O"}),
    "request_field_became_optional": ("full", {f"{_Q}.day.required": "X"}),
    "request_field_renamed": (
        "full", {f"{_Q}.pages.name": "page_count", "samples.pages": "(as page_count)"},
    ),
    "request_size_grown": ("full", {f"{_Q}.X-Trace.size": "16"}),
    "request_digits_shrunk": ("full", {f"{_Q}.pages.size": "1", "samples.pages": "9"}),
    "request_type_changed": ("full", {f"{_Q}.pages.type": "text"}),
    "request_code_added": ("full", {"codes.kind.values.03": {"name": "five_phases", "at": "10"}}),
    "request_code_removed": ("full", {"codes.kind.values.02": GONE}),
    "operation_added": ("full", {"operations.list_areas": _AREAS}),
    "operation_removed": (
        "full",
        {"operations.list_customers": GONE, f"{_L}.harvest": GONE},
    ),
    "operation_renamed": (
        "full",
        {
            "operations.list_customers": "(as all_customers)",
            f"{_L}.harvest.each.operation": "all_customers",
        },
    ),
    "operation_became_read": ("full", {f"{_S}.kind": "read"}),
    "address_changed": ("full", {f"{_S}.address.text": "/setting"}),
    "wording": ("full", {f"{_R}.phases.en": "number of phases", f"{_L}.en": "readings"}),
    "lines_moved": ("full", {f"{_R}.phases.at": "127", f"{_L}.at": "120-122"}),
    "error_code_added": ("full", {"envelopes.common.errors.E-404": _NO_DATA}),
    "success_value_added": ("full", {"envelopes.common.success.returnCode": ["00", "0", "000"]}),
    "default_withdrawn": ("full", {"servers.production.default": "no"}),
    "credential_renamed": (
        "full",
        {"credentials.account": "(as account_id)", f"{_Q}.account.credential": "account_id"},
    ),
    "environment_renamed": ("full", {"credentials.api_key.environment": "FULL_KEY"}),
    "amended_zone": ("full", {"conventions.time_zone.name": "Asia/Tokyo"}),
    # Bodies.
    "body_field_added_optional": ("bodies", {f"{_NEW}.extra": _field(required="optional")}),
    "body_field_added_required": ("bodies", {f"{_NEW}.extra": _field(required="required")}),
    "body_field_added_unmarked": ("bodies", {f"{_NEW}.extra": _field()}),
    "body_field_became_required": ("bodies", {f"{_NEW}.estimated.required": "required"}),
    "body_field_mark_dropped": ("bodies", {f"{_NEW}.estimated.required": GONE}),
    "body_field_wire_renamed": ("bodies", {f"{_NEW}.estimated": "(as isEstimated)"}),
    "body_size_grown": ("bodies", {f"{_NEW}.note.size": "400"}),
    "stored_field_added": ("bodies", {f"{_STORED}.extra": _field(required="optional")}),
    "stored_field_removed": ("bodies", {f"{_STORED}.id.name": "stored_id"}),
    "pair_renamed": ("bodies", {"envelopes.result.pairs.fill.clientIp.name": "ip"}),
    "pair_default_changed": ("bodies", {"envelopes.result.pairs.fill.application.default": "ours"}),
    "language_removed": ("bodies", {"envelopes.result.language.values": ["tr-tr"]}),
    "language_added": ("bodies", {"envelopes.result.language.values": ["tr-tr", "en-us", "de-de"]}),
    "server_added": (
        "bodies",
        {
            "servers.training": {"address": "https://train.example.com/rest", "at": "3"},
            "auth.steps.0.address.training": "https://cas.example.com/tickets",
            "auth.steps.1.address.training": "https://cas.example.com/tickets/{TGT}",
            "auth.steps.1.send.service.training": "https://train.example.com",
        },
    ),
    "server_renamed": (
        "bodies",
        {
            "servers.test": "(as trial)",
            "auth.steps.0.address.test": "(as trial)",
            "auth.steps.1.address.test": "(as trial)",
            "auth.steps.1.send.service.test": "(as trial)",
        },
    ),
    "ticket_life_longer": ("bodies", {"auth.steps.0.lifetime": "PT90M"}),
    "iterator_renamed": ("bodies", {"operations.search_readings.paging.name": "walk_readings"}),
    "reconcile_removed": ("bodies", {"operations.save_readings.reconcile": GONE}),
    "page_size_changed": ("bodies", {"operations.search_readings.paging.page_size": "100"}),
}  # fmt: skip
