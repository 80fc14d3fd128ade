"""Specs that a careful author might write: valid values in unusual combinations and names."""

from typing import Any

from hypothesis import strategies as st

from .support import Place, Tree, at, places, put, rename, without

# Names that collide with what generated code imports, defines or needs, if nobody takes care.
_NAMES = (
    "a", "a1", "a_1", "b", "str", "int", "bool", "bytes", "float", "dict", "list", "tuple", "set",
    "frozenset", "object", "type", "id", "self", "cls", "super", "field", "fields", "record",
    "records", "value", "values", "name", "data", "decimal", "date", "datetime", "time", "month",
    "timedelta", "class_var", "final", "mapping", "none", "true", "any", "optional", "literal",
    "models", "operations", "codes", "series", "validators", "client", "mock", "look", "path",
    "format", "strict", "timeout_seconds", "reply", "request", "header", "msgspec", "httpx2",
    "readings", "reading", "energy_kwh", "energy_kwh_0600", "energy_kwh_readings", "register_kwh",
    "energy_kwh_register", "interval_start", "interval_end", "read_at", "count", "index", "label",
    "label_marks", "common", "common_envelope", "list_readings", "list_readings_request",
    "check_reading", "day_reading", "customer", "kind", "yes_no", "yes", "no", "operation",
    "parameter", "credential", "envelope", "seed", "clock", "retry", "transport", "base_url",
    "close", "aclose", "copy", "json", "schema", "dataclass", "annotations", "model_config",
    "print", "exec", "len", "property", "staticmethod", "async_client", "system", "package",
)  # fmt: skip
_CLASSES = (
    "A", "A1", "B", "Any", "Optional", "Union", "List", "Dict", "Literal", "Enum", "Field",
    "Struct", "Model", "Meta", "Config", "Date", "DateTime", "Decimal", "Annotated", "ClassVar",
    "Record", "Client", "Reply", "Series", "SingleReading", "Reading", "EnergyKwhReading",
    "RegisterKwhRegisterReading", "DemandKwReading", "Customer", "DayReading", "Setting",
    "RecordValidator",
    "Problem", "Mapping", "ListReadingsRequest", "ListReadingsReply", "CommonHeader", "None",
    "True", "Type", "Int", "Str", "Bool", "Object", "Yyyymmdd", "DayOfMonth", "TypeAlias", "UUID",
    "Self", "Base", "Root", "RootModel", "Default", "Final",
)  # fmt: skip
# Valid values by key; a key that is not here takes what stands under the same key elsewhere.
_VALUES: dict[str, tuple[Any, ...]] = {
    "name": _NAMES,
    "record": _CLASSES,
    "type": (
        "text", "code", "integer", "decimal", "date", "datetime", "time", "month", "day_of_month",
    ),
    "size": ("1", "8", "100", "14,4", "5,0", "100,100", "4000"),
    "size_unit": ("characters", "bytes"),
    "encoding": ("utf-8", "euc-kr", "shift_jis"),
    "format": ("yyyymmdd", "yyyymm", "yyyymmddhh", "yyyymmddhhmi", "dd", "hhmi"),
    "required": ("O", "X"),
    "presence": ("always", "optional"),
    "personal": ("yes", "no"),
    "secret": ("yes", "no"),
    "unit": ("kWh", "%", "KRW"),
    "in": ("query", "header", "path"),
    "kind": ("read", "write"),
    "method": ("GET", "POST"),
    "formats": (["json"], ["xml"], ["json", "xml"], ["xml", "json"]),
    "label_marks": ("start", "end", "undecided"),
    "measures": ("interval", "register"),
    "step": ("PT15M", "PT1H", "PT6H", "PT12H", "P1D"),
    "first": ("0000", "0015", "0100", "0600", "1200"),
    "last": ("1200", "2345", "2400"),
    "codes": ("kind", "yes_no"),
    "credential": ("api_key", "account"),
    "default": ("yes", "no"),
    "confirmed": ("yes", "no"),
    "error": ("authentication", "no_data", "limit", "closed_hours", "consent", "session_expired"),
    "environment": ("FULL_API_KEY", "PATH"),
    "uses": ("many", "once"),
    "body": ("form", "json", "none"),
    "with": ("uuid", "option"),
    "success_status": ("200", "201"),
    "request_media": ("none", "json", "form"),
}  # fmt: skip
# Mappings whose keys are names of ours or wire names.
_NAMED = {
    "operations": _NAMES,
    "credentials": _NAMES,
    "servers": _NAMES,
    "codes": _NAMES,
    "envelopes": _NAMES,
    "facts": _NAMES,
}
_WIRES = (
    "records", "", "header", "0", "a-b", "a.b", "x y", "요금", "class", "None", "energy",
    "cmmHeader",
)  # fmt: skip


def plausible(spec: Tree) -> st.SearchStrategy[Tree]:
    """Return specs in which one to five values or names were changed for other valid ones."""
    known = [place for place in places(spec) if place and isinstance(place[-1], str)]
    elsewhere: dict[str, list[Any]] = {}
    for place in known:
        elsewhere.setdefault(str(place[-1]), []).append(at(spec, place))
    values = {**elsewhere, **_VALUES}
    changes = [
        *(st.tuples(st.just(p), st.sampled_from(values[str(p[-1])])) for p in _valued(known)),
        *(st.tuples(st.just(p), st.sampled_from(_NAMED[str(p[-2])])) for p in _renamed(known)),
        *(st.tuples(st.just(p), st.sampled_from(_WIRES)) for p in _wired(known)),
        *(st.tuples(st.just(p), st.none()) for p in _dispensable(known)),
    ]
    return st.lists(st.one_of(changes), min_size=1, max_size=5).map(
        lambda chosen: _changed(spec, chosen)
    )


def _valued(known: list[Place]) -> list[Place]:
    named = (*_NAMED, "fields", "request", "records", "values", "send", "fill")
    return [place for place in known if place[-2:-1] and place[-2] not in named]


def _renamed(known: list[Place]) -> list[Place]:
    return [place for place in known if place[-2:-1] and place[-2] in _NAMED]


def _wired(known: list[Place]) -> list[Place]:
    return [place for place in known if place[-2:-1] and place[-2] in ("fields", "request")]


def _dispensable(known: list[Place]) -> list[Place]:
    keys = ("size", "label", "en", "unit", "also", "instant", "series", "request", "envelope",
            "errors", "consent", "failure_in_list", "examples", "samples", "default")  # fmt: skip
    return [place for place in known if place[-1] in keys or place[-2:-1] == ("fields",)]


def _changed(tree: Tree, chosen: list[tuple[Place, Any]]) -> Tree:
    for place, value in chosen:
        try:
            named = place[-2:-1] and (place[-2] in _NAMED or place[-2] in ("fields", "request"))
            if value is None:
                tree = without(tree, place)
            elif named and isinstance(at(tree, place), dict):
                tree = _renamed_everywhere(tree, place, value)
            else:
                at(tree, place)
                tree = put(tree, place, value)
        except (KeyError, TypeError, AttributeError):
            continue  # an earlier change has taken the place away
    return tree


def _renamed_everywhere(tree: Tree, place: Place, name: str) -> Tree:
    """Rename a key, and what refers to it by its name."""
    tree = rename(tree, place, name)
    keys = {"codes": "codes", "credentials": "credential", "envelopes": "envelope"}
    refers = keys.get(str(place[-2]), "")
    for other in list(places(tree)):
        if other and other[-1] == refers and at(tree, other) == place[-1]:
            tree = put(tree, other, name)
    return tree
