import pytest

from ..support import (
    Tree,
    base,
    bodies,
    codes_of,
    codes_with,
    full,
    full_amendments,
    put,
    rename,
    understood,
    yaml_of,
)

OPERATION = ("operations", "list_readings")
DAY = {"name": "day", "type": "date", "format": "yyyymmdd", "at": "6"}


def series(name: str, **keys: str) -> Tree:
    family = {
        "wire": f"{name}{{hhmm}}", "first": "1200", "last": "2400", "step": "PT12H",
        "label_marks": "end", "day": "day", **keys,
    }  # fmt: skip
    return {"name": name, "type": "decimal", "at": "6", "series": family}


def with_fields(**fields: Tree) -> Tree:
    return put(base(), (*OPERATION, "reply", "fields"), {"day": DAY, **fields})


def with_codes(*names: str) -> Tree:
    lists = {n: {"en": n, "at": "7", "values": {"1": {"name": "one"}}} for n in names}
    tree = put(base(), ("codes",), lists)
    for name in names:
        field = {"name": name, "type": "code", "codes": name, "at": "6"}
        tree = put(tree, (*OPERATION, "reply", "fields", name), field)
    return tree


@pytest.mark.parametrize(
    "name", ["close", "aclose", "str", "int", "models", "codes", "readme", "amendments", "class"]
)
def test_an_operation_keeps_clear_of_its_client_and_its_pages(name: str) -> None:
    assert codes_of(rename(base(), OPERATION, name)) == ["reserved-name"]


@pytest.mark.parametrize("name", ["list", "print", "get", "format", "operations", "call", "type_"])
def test_an_operation_may_have_any_other_name(name: str) -> None:
    assert set(codes_of(rename(base(), OPERATION, name))) <= {"malformed-key"}


@pytest.mark.parametrize("name", ["None", "True", "Decimal", "Record", "ClassVar", "Yyyymmdd"])
def test_a_record_keeps_clear_of_what_its_module_imports(name: str) -> None:
    assert codes_of(put(base(), (*OPERATION, "reply", "record"), name)) == ["reserved-name"]


@pytest.mark.parametrize("name", ["field", "str", "tuple", "readings", "reading", "lambda"])
def test_a_field_keeps_clear_of_what_its_class_needs(name: str) -> None:
    tree = put(base(), (*OPERATION, "reply", "fields", "energy", "name"), name)
    assert codes_of(tree) == ["reserved-name"]


@pytest.mark.parametrize("name", ["self", "format", "strict", "values", "operations", "dict"])
def test_an_argument_keeps_clear_of_what_its_method_needs(name: str) -> None:
    tree = put(base(), (*OPERATION, "request", "meterNo", "name"), name)
    assert codes_of(tree) == ["reserved-name"]


@pytest.mark.parametrize("name", ["retry", "base_url", "seed", "super", "clock", "transport"])
def test_a_credential_keeps_clear_of_the_constructors_arguments(name: str) -> None:
    tree = put(base(), ("credentials",), {name: {"en": "key", "at": "7"}})
    assert codes_of(tree) == ["reserved-name"]


@pytest.mark.parametrize("name", ["none", "mapping", "final"])
def test_a_code_list_keeps_clear_of_what_its_module_needs(name: str) -> None:
    assert codes_of(with_codes(name)) == ["reserved-name"]


@pytest.mark.parametrize("name", ["interval_start", "read_at", "count", "index"])
def test_a_series_keeps_clear_of_the_attributes_of_a_reading(name: str) -> None:
    assert codes_of(with_fields(q=series(name))) == ["reserved-name"]


def test_a_field_keeps_clear_of_the_method_of_a_further_series() -> None:
    other = {"name": "b_readings", "type": "text", "at": "6"}
    assert codes_of(with_fields(a=series("a"), b=series("b"), c=other)) == ["reserved-name"]


def test_the_class_of_one_code_list_is_not_that_of_another() -> None:
    assert codes_of(with_codes("a1", "a_1")) == ["name-collision"]


def test_a_code_list_of_one_letter_would_be_class_and_constant_at_once() -> None:
    assert codes_of(with_codes("a")) == ["name-collision"]


def test_a_record_and_an_operation_do_not_share_a_validator() -> None:
    tree = put(base(), (*OPERATION, "reply", "record"), "ListReadingsRequest")
    assert codes_of(tree) == ["name-collision"]


def test_an_envelope_and_an_operation_do_not_share_a_constant() -> None:
    tree = rename(full(), ("operations", "list_customers"), "common_verdict")
    place = ("operations", "list_readings", "harvest", "each", "operation")
    tree = put(tree, place, "common_verdict")
    assert codes_of(tree, full_amendments()) == ["name-collision"]


def test_a_record_is_not_called_like_a_reading() -> None:
    tree = with_fields(q=series("energy_kwh"))
    tree = put(tree, (*OPERATION, "reply", "record"), "EnergyKwhReading")
    assert codes_of(tree) == ["name-collision"]


def test_a_register_and_an_interval_do_not_share_a_reading() -> None:
    fields = {"a": series("energy", measures="register"), "b": series("energy_register")}
    assert codes_of(with_fields(**fields)) == ["name-collision"]


def test_two_shared_records_do_not_share_a_class() -> None:
    record = {"name": "Customer", "en": "c", "at": "7", "fields": {"a": DAY}}
    tree = put(base(), ("records",), {"one": record, "two": record})
    assert codes_of(tree) == ["name-collision"]


def test_two_records_may_have_one_series_of_one_unit() -> None:
    tree = with_fields(q=series("energy_kwh"))
    again = put(tree["operations"]["list_readings"], ("reply", "record"), "Other")
    again = put(again, ("address", "text"), "/others")
    assert codes_of(put(tree, ("operations", "again"), again)) == []


def test_fields_of_one_name_whose_readings_differ_are_reported_once() -> None:
    start = {"name": "starts_at", "type": "datetime", "pattern": "rfc3339", "at": "6"}
    value = {"name": "price", "type": "decimal", "at": "6"}
    instant = {"start": "start", "step": "PT1H"}

    def record(unit: str) -> Tree:
        fields = {"start": start, "v": {**value, "unit": unit, "instant": instant}}
        return {"en": "prices", "at": "5", "fields": fields}

    tree = put(base(), ("records",), {"One": record("EUR/MWh"), "Two": record("EUR/kWh")})
    for name in ("One", "Two"):
        field = {"name": name.lower(), "type": "list", "of": name, "at": "6"}
        tree = put(tree, (*OPERATION, "reply", "fields", name), field)
    [problem] = understood(yaml_of(tree))[1]
    assert problem.code == "name-collision"
    assert "share the class of their readings, 'PriceReading'" in problem.message


@pytest.mark.parametrize("name", ["environment", "language", "base_url", "login_folder", "class"])
def test_an_option_keeps_clear_of_the_constructors_arguments(name: str) -> None:
    place = ("envelopes", "result", "pairs", "fill", "application", "name")
    assert codes_with(place, name) == ["reserved-name"]


def test_an_option_is_not_called_like_a_credential() -> None:
    place = ("envelopes", "result", "pairs", "fill", "application", "name")
    assert codes_with(place, "username") == ["name-collision"]


@pytest.mark.parametrize("name", ["transaction_id", "format", "models", "strict", "begin"])
def test_a_field_of_the_payload_keeps_clear_of_what_its_method_needs(name: str) -> None:
    place = ("records", "SaveBody", "fields", "readings", "name")
    assert codes_with(place, name) == ["reserved-name"]


@pytest.mark.parametrize("name", ["close", "save_readings", "search_readings"])
def test_an_iterator_keeps_clear_of_the_other_methods(name: str) -> None:
    codes = codes_with(("operations", "search_readings", "paging", "name"), name)
    assert codes == (["reserved-name"] if name == "close" else ["name-collision"])


def test_an_operation_is_not_called_like_the_constant_of_the_system() -> None:
    assert codes_of(rename(bodies(), ("operations", "list_points"), "system")) == ["name-collision"]
