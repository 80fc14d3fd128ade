"""Say of each attribute of the interface which rules judge it, or why none does.

The tests hold this table to the dataclasses of the interface: an attribute that is in neither
table fails them, until somebody decides. Until then a change of it is found as ``not-judged``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import MappingProxyType

from gridwright import ir
from gridwright.diff.rule import Found, Spot, rule

__all__ = ["JUDGED", "NOT_JUDGED", "RULES", "unjudged"]

RULES = (
    rule("not-judged", "R/RR/R",
         "Something differs that no rule judges yet: read it yourself.",
         "compare both sides of {what}"),
)  # fmt: skip

_PLACE = "says where it stands, and nothing else"
_KEY = "the sides are paired by it"
_TOLD_BELOW = "its parts are compared one by one"
_SPELT = "sources are compared as a spec would write them"
_SPELT_STEP = "told by what a step sends, and by what fills its address"
_TOLD_AT_AMENDMENTS = "told at the amendments"
_SOURCE = (
    "basis-weaker basis-stronger reason-reworded lines-moved lines-no-longer-cited lines-now-cited"
)
_MARKS = "turned-personal no-longer-personal"
_SECRET = "turned-secret no-longer-secret"  # noqa: S105 - ids of rules
_SIZES = "request-size-shrunk request-size-grown reply-size-shrunk reply-size-grown"
_DIGITS = "request-digits-shrunk request-digits-grown reply-digits-shrunk reply-digits-grown"
_DECIMALS = (
    "request-decimals-shrunk request-decimals-grown reply-decimals-shrunk reply-decimals-grown"
)
_ALLOWED = "request-value-narrowed request-value-widened reply-value-narrowed reply-value-widened"
_KINDS = "request-type-changed reply-type-changed"
_ZONE = "the conventions have one zone for all, and zone-changed tells it"

_JUDGED: dict[type, dict[str, str]] = {
    ir.Citation: {"basis": _SOURCE, "reason": _SOURCE, "lines": _SOURCE},
    ir.TextType: {"size": _SIZES, "encoding": "text-counted-otherwise"},
    ir.CodeType: {
        "codes": "request-codes-swapped request-codes-of-wider-list reply-codes-swapped",
        "size": _SIZES,
    },
    ir.IntegerType: {"digits": _DIGITS},
    ir.DecimalType: {
        "precision": _DIGITS,
        "scale": _DECIMALS,
        "decimal": "number-signs-changed",
        "thousands": "number-signs-changed",
    },
    ir.TemporalType: {
        "kind": _KINDS,
        "pattern": "request-pattern-changed reply-pattern-changed pattern-spelt-otherwise",
        "zone_field": "field-zone-changed",
        "zone_names": "field-zone-changed",
        "has_own_zone": "field-zone-changed",
        "repeated": "field-repeated-changed",
    },
    ir.NumberRange: {"least": _ALLOWED, "most": _ALLOWED, "step": _ALLOWED},
    ir.RecordType: {"record": _KINDS},
    ir.ListType: {"item": "request-multiplicity-changed reply-multiplicity-changed"},
    ir.Code: {
        "value": "code-value-changed",
        "name": "code-renamed",
        "label": "code-label-changed",
        "en": "code-reworded",
        "cite": _SOURCE,
    },
    ir.CodeList: {
        "name": "code-list-renamed",
        "en": "code-list-reworded",
        "values": "request-code-added request-code-removed reply-code-added reply-code-removed",
        "cite": _SOURCE,
    },
    ir.Series: {
        "labels": "series-labels-changed",
        "step": "series-labels-changed",
        "wire": "series-wire-changed",
        "marks": "label-marks-swapped label-marks-decided label-marks-opened",
        "day_field": "series-day-changed",
        "register": "series-register-changed",
        "repeated": "repeated-swapped repeated-decided repeated-opened repeated-read-otherwise",
        "label": "reading-items-changed",
        "places": "reading-items-changed field-zone-changed",
        "zone_names": "field-zone-changed",
    },
    ir.UnitOfData: {
        "field": "unit-changed",
        "values": "unit-changed",
        "power_of_ten": "unit-changed",
    },
    ir.ValueInterval: {
        "day_field": "reading-label-changed",
        "time_field": "reading-label-changed",
        "step": "reading-step-changed",
        "marks": "label-marks-swapped label-marks-decided label-marks-opened",
        "repeated": "repeated-swapped repeated-decided repeated-opened repeated-read-otherwise",
        "midnight": "midnight-swapped midnight-decided midnight-opened",
    },
    ir.Placement: {
        "places": "reading-placed-otherwise reading-items-changed until-changed",
        "zone_names": "field-zone-changed",
        "label": "reading-items-changed",
        "in_order": "reading-placed-otherwise",
        "counts_from": "position-base-changed",
        "step": "reading-step-changed",
        "marks": "label-marks-swapped label-marks-decided label-marks-opened",
        "omitted": "omitted-changed omitted-allowed omitted-unexpected",
        "omitted_repeats": "omitted-changed",
        "repeated": "repeated-swapped repeated-decided repeated-opened repeated-read-otherwise",
        "midnight": "midnight-swapped midnight-decided midnight-opened",
    },
    ir.Repeated: {
        "word": "repeated-swapped repeated-decided repeated-opened",
        "field": "repeated-read-otherwise",
        "second": "repeated-read-otherwise",
    },
    ir.WireName: {"name": "also-read-name-added also-read-name-removed", "cite": _SOURCE},
    ir.Field: {
        "name": "field-renamed",
        "wire": "request-field-wire-renamed reply-field-wire-renamed "
        "reply-field-wire-renamed-old-read reply-field-wire-names-swapped",
        "label": "field-label-changed",
        "en": "field-reworded",
        "type": _KINDS,
        "provisional": "wire-name-supplied wire-name-withdrawn",
        "unit": "unit-changed unit-named unit-dropped",
        "unit_of_data": "unit-changed unit-named unit-dropped",
        "required": "request-field-became-required request-field-became-optional "
        "reply-field-marked-otherwise",
        "optional": "reply-field-became-optional reply-field-became-certain",
        "personal": _MARKS,
        "secret": _SECRET,
        "default": "printed-default-changed",
        "note": "field-note-changed",
        "printed_size": "size-printed-otherwise",
        "also": "also-read-name-added also-read-name-removed",
        "series": "series-made series-unmade",
        "instant": "reading-added reading-removed",
        "echoes": "echo-said echo-no-longer-said echo-of-another-field",
        "layout": "list-laid-out-otherwise",
        "keyed_by": "list-laid-out-otherwise",
        "missing": "missing-text-said missing-text-no-longer-said",
        "length": _ALLOWED,
        "range": _ALLOWED,
        "count": _ALLOWED,
        "matches": _ALLOWED,
        "json": "request-json-kind-changed reply-json-kind-changed",
        "under": "request-field-moved reply-field-moved",
        "item": "items-named-otherwise",
        "namespace": "sent-in-other-namespace namespace-changed",
        "in_header": "reply-field-moved",
        "block": "reply-field-moved",
        "credential": "argument-filled-otherwise",
        "cite": _SOURCE,
    },
    ir.Record: {
        "name": "record-renamed",
        "en": "record-reworded",
        "namespace": "sent-in-other-namespace namespace-changed",
        "open": "record-opened record-closed",
        "extends": "record-extends-otherwise",
        "filler": "record-filler-changed",
        "fields": "request-field-added-required request-field-added-optional "
        "request-field-removed required-request-field-removed "
        "reply-field-added reply-optional-field-added reply-field-removed "
        "reply-optional-field-removed request-fields-reordered readings-method-changed",
        "cite": _SOURCE,
    },
    ir.Parameter: {
        "field": "automatic-value-added automatic-value-removed",
        "place": "value-travels-elsewhere",
        "source": "argument-filled-otherwise format-selected-otherwise",
        "under": "value-travels-elsewhere",
        "join": "list-joined-otherwise",
    },
    ir.CsvForm: {
        "separator": "table-written-otherwise",
        "heading": "table-written-otherwise",
        "skip": "table-written-otherwise",
        "encoding": "table-written-otherwise",
        "missing": "table-written-otherwise",
        "ignore": "table-written-otherwise",
        "rows": "table-written-otherwise",
        "heading_line": "table-written-otherwise",
        "end": "table-written-otherwise",
        "cite": _SOURCE,
    },
    ir.JsonLists: {"forms": "json-list-form-added json-list-form-removed", "cite": _SOURCE},
    ir.Element: {
        "wire": "element-renamed",
        "namespace": "sent-in-other-namespace namespace-changed",
        "formats": "element-formats-changed",
        "provisional": "element-name-supplied element-name-withdrawn",
        "label": "element-label-changed",
        "en": "element-reworded",
        "cite": _SOURCE,
    },
    ir.ErrorCode: {
        "error": "error-code-maps-elsewhere",
        "en": "error-code-reworded",
        "breaks": "limit-used-up-otherwise",
        "cite": _SOURCE,
    },
    ir.Consent: {
        "sentence": "consent-sentence-changed",
        "date_after": "consent-sentence-changed",
        "pattern": "consent-sentence-changed",
        "en": "consent-reworded",
        "cite": _SOURCE,
    },
    ir.Body: {
        "record": "body-record-swapped",
        "is_value": "body-record-swapped",
        "root": "element-added element-removed",
        "arguments": "body-arguments-changed",
        "attachments": "attachments-allowed attachments-refused",
        "cite": _SOURCE,
    },
    ir.Pair: {
        "key": "pairs-moved",
        "source": "pair-filled-otherwise",
        "name": "pair-renamed",
        "en": "pair-reworded",
        "default": "pair-default-changed",
        "cite": _SOURCE,
    },
    ir.Pairs: {
        "field": "pairs-moved",
        "key": "pairs-moved",
        "value": "pairs-moved",
        "fill": "pair-added pair-removed",
    },
    ir.Language: {
        "values": "language-added language-removed",
        "default": "default-language-changed",
        "en": "language-reworded",
        "cite": _SOURCE,
    },
    ir.FailureKind: {
        "error": "failure-kind-maps-elsewhere",
        "en": "failure-kind-reworded",
        "cite": _SOURCE,
    },
    ir.Case: {
        "root": "case-holds-otherwise",
        "status": "case-holds-otherwise",
        "when": "case-holds-otherwise",
        "contains": "case-holds-otherwise",
        "has": "case-holds-otherwise",
        "lacks": "case-holds-otherwise",
        "error": "case-maps-elsewhere",
        "en": "case-reworded",
        "breaks": "limit-used-up-otherwise",
        "cite": _SOURCE,
    },
    ir.Envelope: {
        "name": "envelope-renamed",
        "header": "element-renamed",
        "root": "header-moved",
        "header_under": "header-moved",
        "header_optional": "header-became-optional header-became-certain",
        "header_also": "also-read-name-added also-read-name-removed",
        "header_formats": "header-formats-changed",
        "fields": "reply-field-added reply-field-removed",
        "payload": "payload-moved",
        "success": "success-value-added success-value-removed success-field-added "
        "success-field-removed",
        "cases": "case-added case-removed case-moved",
        "code": "failure-code-read-elsewhere",
        "message": "failure-text-read-elsewhere",
        "errors": "error-code-added error-code-removed",
        "failure_in_list": "failure-in-list-expected failure-in-list-not-expected",
        "consent": "consent-added consent-removed",
        "pairs": "pair-added pair-removed",
        "language": "language-offered language-withdrawn",
        "identity": "identity-changed",
        "kind_field": "failure-kinds-read-elsewhere",
        "kinds": "failure-kind-added failure-kind-removed",
        "of_items": "items-judged-otherwise",
        "partial": "failures-beside-expected failures-beside-not-expected",
        "cite": _SOURCE,
    },
    ir.Reply: {
        "shape": "reply-list-made-or-unmade",
        "payload": "payload-moved",
        "is_message": "payload-moved",
        "root": "element-added element-removed",
        "list": "reply-list-made-or-unmade",
        "item": "element-added element-removed",
        "record": "reply-record-swapped",
        "layout": "list-laid-out-otherwise",
        "keyed_by": "list-laid-out-otherwise",
        "csv": "table-written-otherwise",
        "packing": "packing-changed",
        "beside": "values-beside-added values-beside-removed",
        "verdict": "items-judged-otherwise",
        "variants": "variant-added variant-removed",
        "attachments": "attachments-allowed attachments-refused",
    },
    ir.Variant: {
        "when": "variant-condition-changed",
        "record": "reply-record-swapped",
        "en": "variant-reworded",
        "cite": _SOURCE,
    },
    ir.Status: {
        "error": "status-maps-elsewhere status-covered-otherwise",
        "breaks": "limit-used-up-otherwise",
        "label": "status-label-changed",
        "note": "status-label-changed",
        "en": "status-reworded",
        "cite": _SOURCE,
    },
    ir.SoapHeaderField: {
        "field": "soap-header-field-added soap-header-field-removed",
        "source": "soap-header-field-filled-otherwise",
        "name": "soap-header-field-filled-otherwise",
        "default": "soap-header-default-changed",
    },
    ir.Soap: {
        "namespace": "soap-namespace-changed",
        "provisional": "soap-namespace-supplied soap-namespace-withdrawn",
        "header": "soap-header-made-or-unmade element-renamed",
        "fields": "soap-header-field-added soap-header-field-removed",
        "headers": "soap-header-made-or-unmade",
        "security": "soap-security-made-or-unmade",
        "cite": _SOURCE,
    },
    ir.SoapBlock: {
        "element": "element-renamed sent-in-other-namespace",
        "fields": "soap-header-field-added soap-header-field-removed",
    },
    ir.Security: {"token": "soap-token-changed", "cite": _SOURCE},
    ir.Rule: {
        "kind": "requirement-fields-changed",
        "fields": "requirement-fields-changed",
        "when": "requirement-condition-changed",
        "values": "forbidden-value-added forbidden-value-removed",
        "at_most": "requested-period-shorter requested-period-longer",
        "months": "requested-period-shorter requested-period-longer",
        "days": "requested-period-shorter requested-period-longer",
        "en": "requirement-reworded",
        "cite": _SOURCE,
    },
    ir.Paging: {
        "name": "iterator-renamed",
        "form": "paging-form-changed",
        "begin": "paging-path-changed",
        "end": "paging-path-changed",
        "sends": "paging-path-changed",
        "first": "first-page-changed",
        "at_most": "last-page-sooner last-page-later",
        "read": "paging-path-changed",
        "size": "paging-path-changed",
        "total": "paging-path-changed",
        "total_at": "paging-path-changed",
        "pages": "paging-path-changed",
        "more": "paging-path-changed",
        "more_values": "last-page-told-otherwise",
        "records": "paging-path-changed",
        "keys": "paging-key-changed",
        "page_size": "page-size-changed",
        "cite": _SOURCE,
    },
    ir.Reconcile: {
        "search": "reconcile-search-changed",
        "name": "reconcile-renamed",
        "by": "reconcile-fields-changed",
        "standing": "reconcile-fields-changed",
        "en": "reconcile-reworded",
        "cite": _SOURCE,
    },
    ir.Harvest: {
        "each": "harvest-subjects-changed",
        "listed_by": "harvest-subjects-changed",
        "listed_as": "harvest-subjects-changed",
        "first": "harvest-window-changed",
        "last": "harvest-window-changed",
        "is_end_excluded": "harvest-window-changed",
        "step": "harvest-window-changed",
        "key": "harvest-key-changed",
        "published": "harvest-timing-changed",
        "corrected": "harvest-timing-changed",
        "history": "harvest-history-changed",
        "since": "harvest-history-changed",
        "cite": _SOURCE,
    },
    ir.Example: {"address": "example-changed", "cite": _SOURCE},
    ir.Operation: {
        "name": "operation-renamed",
        "wire_name": "operation-printed-name-changed soap-operation-name-changed",
        "number": "operation-number-changed",
        "label": "operation-label-changed",
        "en": "operation-reworded",
        "description_en": "operation-reworded",
        "kind": "operation-became-read operation-became-write",
        "method": "method-changed",
        "protocol": "protocol-changed",
        "request_media": "request-media-changed",
        "soap_action": "soap-action-changed",
        "address": "address-printed-otherwise",
        "path": "address-changed",
        "server": "operation-moved",
        "formats": "format-added format-removed",
        "parameters": "request-field-added-required request-field-added-optional "
        "request-field-removed required-request-field-removed",
        "body": "body-made-or-unmade",
        "reply": "reply-record-swapped",
        "envelope": "envelope-swapped",
        "gateways": "gateways-changed",
        "partial": "failures-listed-otherwise",
        "statuses": "status-added status-removed",
        "rules": "requirement-added requirement-removed",
        "paging": "paging-added paging-removed",
        "reconcile": "reconcile-added reconcile-removed",
        "harvest": "harvest-added harvest-removed",
        "known_by_example": "operation-described operation-left-to-an-example",
        "examples": "example-added example-removed",
        "cite": _SOURCE,
    },
    ir.DeclaredUnit: {
        "name": "declared-unit-renamed",
        "same_as": "declared-unit-redefined",
        "en": "declared-unit-reworded",
        "cite": _SOURCE,
    },
    ir.Namespace: {
        "prefix": "prefix-renamed",
        "uri": "declared-namespace-changed",
        "en": "declared-namespace-reworded",
        "cite": _SOURCE,
    },
    ir.Server: {
        "name": "server-renamed",
        "address": "server-address-changed server-address-supplied server-address-withdrawn",
        "doubtful": "server-confirmed server-doubted",
        "default": "default-server-set default-server-withdrawn default-server-moved",
        "en": "server-reworded",
        "cite": _SOURCE,
    },
    ir.Credential: {
        "name": "credential-renamed",
        "label": "credential-label-changed",
        "en": "credential-reworded",
        "secret": _SECRET,
        "personal": _MARKS,
        "environment": "credential-environment-changed",
        "optional": "credential-optional credential-needed",
        "matches": "credential-narrowed credential-widened",
        "cite": _SOURCE,
    },
    ir.Certificate: {
        "label": "certificate-reworded",
        "en": "certificate-reworded",
        "cite": _SOURCE,
    },
    ir.AuthStep: {
        "name": "login-step-renamed",
        "method": "login-method-changed",
        "address": "login-address-changed",
        "body": "login-body-changed",
        "path": "login-address-filled-otherwise",
        "send": "login-sends-otherwise",
        "success_status": "login-success-changed",
        "read": "login-result-read-elsewhere",
        "lifetime": "login-life-shorter login-life-longer",
        "lifetime_from": "login-life-counted-otherwise",
        "once": "login-result-serves-once login-result-serves-many",
        "shared": "login-sharing-changed",
        "renew_when": "login-renewal-changed",
        "renewal": "login-renewed-otherwise",
        "never": "login-never-changed",
        "parts": "login-sends-otherwise login-address-filled-otherwise",
        "lifetime_read": "login-life-counted-otherwise",
        "lifetime_ends": "login-life-counted-otherwise",
        "en": "login-reworded",
        "cite": _SOURCE,
    },
    ir.Presented: {
        "wire": "presented-renamed",
        "place": "presented-moved",
        "value": "presented-value-changed",
        "source": "presented-value-changed",
        "operations": "presented-moved",
        "under": "presented-moved",
        "cite": _SOURCE,
    },
    ir.Limit: {
        "name": "limit-renamed",
        "kind": "limit-kind-changed",
        "requests": "rate-lowered rate-raised rate-counted-otherwise",
        "per": "rate-lowered rate-raised rate-counted-otherwise",
        "penalty": "penalty-longer penalty-shorter",
        "each": "rate-counted-otherwise",
        "resets": "quota-resets-otherwise",
        "each_operation": "limit-counted-for-each limit-counted-for-all",
        "at_most": "concurrency-lowered concurrency-raised lifetime-shorter lifetime-longer "
        "longest-period-shorter longest-period-longer batch-smaller batch-larger "
        "reach-shorter reach-longer",
        "wait": "spacing-longer spacing-shorter",
        "after": "spacing-counted-otherwise",
        "same": "spacing-subject-changed rate-counted-by-other-values",
        "from_field": "longest-period-measured-otherwise reach-measured-otherwise",
        "to_field": "longest-period-measured-otherwise",
        "to_is": "longest-period-ends-otherwise",
        "field": "batch-of-another-list",
        "scope": "limit-scope-changed",
        "operations": "limit-covers-more limit-covers-less",
        "weekly": "closed-hours-widened closed-hours-narrowed closed-hours-moved",
        "zone": "closed-hours-zone-changed",
        "en": "limit-reworded",
        "cite": _SOURCE,
    },
    ir.Missing: {
        "json": "missing-form-added missing-form-removed",
        "xml": "missing-form-added missing-form-removed",
        "cite": _SOURCE,
    },
    ir.Revision: {
        "version": "revision-changed",
        "date": "revision-changed",
        "change": "revision-changed",
        "en": "revision-reworded",
        "cite": _SOURCE,
    },
    ir.Fact: {
        "name": "fact-reworded",
        "label": "fact-changed",
        "text": "fact-changed",
        "en": "fact-reworded",
        "cite": _SOURCE,
    },
    ir.Document: {
        "file": "document-replaced",
        "title": "document-title-changed",
        "language": "document-language-changed",
        "publisher": "publisher-changed",
        "publisher_en": "publisher-reworded",
        "revisions": "revision-added revision-removed",
        "facts": "fact-added fact-removed",
    },
    ir.Amendment: {
        "id": "amendment-renamed",
        "kind": "amendment-kind-changed",
        "lines": "amendment-lines-changed",
        "evidence": "amendment-evidence-changed",
        "strength": "amendment-evidence-changed",
        "finding": "amendment-finding-changed",
        "ruling": "amendment-ruling-changed",
        "about": "amendment-concerns-changed",
        "changes": "amendment-patch-changed",
    },
    ir.Interface: {
        "system": "system-added system-removed",
        "title": "system-title-changed",
        "title_en": "system-reworded",
        "zone": "zone-changed",
        "servers": "server-added server-removed",
        "credentials": "credential-added credential-offered credential-removed",
        "auth_steps": "login-step-added login-step-removed login-steps-reordered",
        "presented": "presented-added presented-removed",
        "certificate": "certificate-asked certificate-no-longer-asked",
        "login_names": "login-argument-renamed",
        "limits": "limit-added limit-removed",
        "codes": "code-list-added code-list-removed",
        "units": "unit-declared unit-undeclared",
        "namespaces": "namespace-declared namespace-undeclared",
        "records": "record-added record-removed",
        "envelopes": "envelope-added envelope-removed",
        "operations": "operation-added operation-removed",
        "amendments": "erratum-added erratum-withdrawn observation-added observation-withdrawn "
        "private-amendment-added private-amendment-withdrawn",
        "statuses": "status-added status-removed",
        "soap": "soap-made-or-unmade",
        "samples": "sample-added sample-removed sample-changed",
        "json_lists": "json-list-form-added json-list-form-removed",
    },
}

JUDGED: Mapping[type, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        kind: MappingProxyType({name: tuple(ids.split()) for name, ids in rows.items()})
        for kind, rows in _JUDGED.items()
    }
)
"""The rules that judge an attribute, by class and attribute."""

NOT_JUDGED: Mapping[type, Mapping[str, str]] = MappingProxyType(
    {
        ir.Citation: {"amended": _TOLD_AT_AMENDMENTS},
        ir.TemporalType: {"zone": _ZONE},
        ir.CodeList: {"span": _PLACE},
        ir.DeclaredUnit: {"span": _PLACE},
        ir.Namespace: {"span": _PLACE},
        ir.Series: {"zone": _ZONE},
        ir.ValueInterval: {"zone": _ZONE},
        ir.Placement: {"zone": _ZONE, "span": _PLACE},
        ir.Field: {"span": _PLACE},
        ir.Record: {"span": _PLACE},
        ir.Element: {"span": _PLACE},
        ir.ErrorCode: {"code": _KEY},
        ir.FailureKind: {"value": _KEY},
        ir.Case: {"span": _PLACE},
        ir.Envelope: {"span": _PLACE},
        ir.Rule: {"to_is": "stands at limits alone", "span": _PLACE},
        ir.Paging: {"key": "told as one of `keys`", "span": _PLACE},
        ir.InReply: {"path": _SPELT, "header": _SPELT},
        ir.Reconcile: {"span": _PLACE},
        ir.Harvest: {"span": _PLACE},
        ir.Example: {"name": _KEY},
        ir.Operation: {"amended": _TOLD_AT_AMENDMENTS, "span": _PLACE},
        ir.Variant: {"span": _PLACE},
        ir.CsvForm: {"span": _PLACE},
        ir.Status: {"code": _KEY, "span": _PLACE},
        ir.Soap: {"span": _PLACE},
        ir.Security: {"span": _PLACE},
        ir.Server: {"span": _PLACE},
        ir.Credential: {"span": _PLACE},
        ir.Certificate: {"span": _PLACE},
        ir.Argument: {},
        ir.Hole: {"kind": _SPELT, "name": _SPELT, "part": _SPELT},
        ir.Text: {"pieces": _SPELT},
        ir.Basic: {"user": _SPELT, "password": _SPELT},
        ir.UsernameToken: {
            "username": "told by soap-token-changed",
            "password": "told by soap-token-changed",
            "is_digest": "told by soap-token-changed",
        },
        ir.Filled: {"with_": _SPELT, "name": _SPELT},
        ir.FormatWord: {"words": "told as what selects the format"},
        ir.StepPart: {
            "server": _SPELT_STEP,
            "wire": _SPELT_STEP,
            "place": _SPELT_STEP,
            "source": _SPELT_STEP,
        },
        ir.AuthStep: {
            "read_parts": "told by the places where the result is read",
            "span": _PLACE,
        },
        ir.Presented: {"span": _PLACE},
        ir.Limit: {
            "period": "told by what it is written as",
            "months": "told by what it is written as",
            "days": "told by what it is written as",
            "span": _PLACE,
        },
        ir.Amendment: {"span": _PLACE},
        ir.Interface: {
            "document": _TOLD_BELOW,
            "missing": _TOLD_BELOW,
            "span": _PLACE,
        },
    }
)
"""Why an attribute is judged by no rule, by class and attribute."""


def unjudged(spot: Spot, old: object, new: object) -> Iterator[Found]:
    """Compare the attributes that stand in neither table."""
    kind = type(old)
    if not is_dataclass(old) or kind is not type(new):
        return
    known = {**JUDGED.get(kind, {}), **NOT_JUDGED.get(kind, {})}
    for attribute in fields(old):
        name = attribute.name
        if name not in known and getattr(old, name) != getattr(new, name):
            yield spot.at(name).found("not-judged", _short(old, name), _short(new, name))


def _short(thing: object, name: str) -> str:
    text = str(getattr(thing, name))
    return text if len(text) <= 80 else f"{text[:79]}…"
