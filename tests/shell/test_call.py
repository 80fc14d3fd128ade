"""`gridwright call`: what is typed, what is sent, what is printed, and what the status means."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyarrow.parquet as pq
import pytest
from jsonschema import Draft202012Validator
from tests.systems import SYSTEMS

from gridwright.commands.arguments import EXITS
from gridwright_apis.kepco_opm import Client
from gridwright_runtime import errors
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.shell.failures import exit_status
from gridwright_runtime.shell.inputs import read_structure

from .conftest import Ran, Served, wait_till_it_opens

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "commands-1.schema.json").read_text("utf-8"))
DAY = ("kepco_opm", "get_day_load_profile", "--customer-number", "0100000001")
Run = Callable[..., Ran]


def data_of(ran: Ran) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ran.out, parse_float=Decimal)
    Draft202012Validator(SCHEMA).validate(json.loads(ran.out))
    return found


def test_without_a_system_the_known_ones_are_named(run: Run) -> None:
    assert run("call").status == 2
    assert "kepco_opm" in run("call").err
    ran = run("call", "kepco_opn")
    assert (ran.status, "did you mean kepco_opm?" in ran.err) == (2, True)


def test_without_an_operation_all_are_listed(run: Run) -> None:
    ran = run("call", "epias_ecms")
    assert ran.status == 0 and "search_indexes" in ran.out and "write" in ran.out
    assert len(data_of(run("call", "epias_ecms", "--json"))["operations"]) == 8


def test_a_wire_name_is_answered_with_ours(run: Run) -> None:
    assert "get_customer_bill" in run("call", "kepco_opm", "getCustBillData").err


def test_the_help_has_our_names_the_documents_labels_and_lines(run: Run) -> None:
    ran = run("call", *DAY[:2], "--help")
    assert ran.status == 0
    for text in ("--customer-number", "고객번호", "(line 140)", "exit status:", "nobody knows"):
        assert text in " ".join(ran.out.split())


def test_records_are_printed_as_a_table(run: Run, kepco: Served) -> None:
    ran = run("call", "kepco_opm", "list-customers", "--base-url", kepco.address)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.splitlines()[0].split()[:2] == ["customer_name", "customer_number"]
    assert len(ran.out.splitlines()) == 9


def test_a_day_is_exact_in_every_form(run: Run, kepco: Served) -> None:
    asked = ("call", *DAY, "--date", "2024-10-01", "--base-url", kepco.address)
    (record,) = data_of(run(*asked, "--json"))["records"]
    assert record["customer_number"] == "0100000001"
    assert record["energy_kwh_0030"] == Decimal("26.5")
    (row,) = csv.DictReader(io.StringIO(run(*asked, "--output", "csv").out))
    assert row["energy_kwh_0030"] == "26.5" and row["customer_number"] == "0100000001"
    (line,) = run(*asked, "--output", "jsonl").out.splitlines()
    (same,) = json.loads(run(*asked, "--output", "json").out, parse_float=Decimal)
    assert json.loads(line, parse_float=Decimal) == same == record
    raw = run(*asked, "--output", "raw").out
    assert json.loads(raw)["dayLpDataInfoList"][0]["custNo"] == "0100000001"
    assert "energy_kwh_0030      26.5" in run(*asked).out


def test_what_is_missing_is_empty_and_never_zero(run: Run, kepco: Served) -> None:
    # A low-voltage meter reports on the hour.
    asked = (*DAY[:3], "0100000002", "--date", "2024-10-01", "--base-url", kepco.address)
    (row,) = csv.DictReader(io.StringIO(run("call", *asked, "--output", "csv").out))
    assert row["energy_kwh_0015"] == "" and row["energy_kwh_0100"] != ""
    (record,) = data_of(run("call", *asked, "--json"))["records"]
    assert record["energy_kwh_0015"] is None


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_file_is_whole_or_not_there(form: str, run: Run, kepco: Served, tmp_path: Path) -> None:
    to = tmp_path / f"day.{form}"
    asked = ("call", *DAY, "--date", "2024-10-01", "--base-url", kepco.address, "--to", str(to))
    assert run(*asked) == Ran(0, "", f"{to}: 1 rows\n")
    before = to.read_bytes()
    kepco.app.state.mock.faults.add("get_day_load_profile", Fault.status(500))
    assert run(*asked).status == 9
    assert to.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [to.name]


def test_personal_values_come_from_files_and_standard_input(
    run: Run, kepco: Served, tmp_path: Path
) -> None:
    (tmp_path / "number").write_text("0100000001\n")
    asked = ("call", *DAY[:2], "--date", "2024-10-01", "--base-url", kepco.address, "--json")
    by_file = data_of(run(*asked, "--customer-number", f"@{tmp_path / 'number'}"))
    assert by_file["records"][0]["customer_number"] == "0100000001"
    done = subprocess.run(
        [sys.executable, "-m", "gridwright", *asked, "--customer-number", "-"],
        input="0100000001\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert json.loads(done.stdout, parse_float=Decimal) == by_file


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("01/10/2024", "write a day as 2024-10-01"),
        ("2024-02-30", "there is no such day"),
        ("2024-10", "write a day as"),
        ("tomorrowish", "write a day as"),
    ],
)
def test_a_date_is_never_guessed(typed: str, said: str, run: Run) -> None:
    ran = run("call", *DAY, "--date", typed, "--dry-run")
    assert ran.status == 2 and said in ran.err
    assert typed not in ran.err.replace("2024-10-01", "")


def test_months_and_local_times_are_typed_as_people_write_them(run: Run) -> None:
    bill = ("call", "kepco_opm", "get_customer_bill", "--customer-number", "1", "--dry-run")
    assert "dataMonth = 202409" in run(*bill, "--month", "2024-09").out
    assert "is a month" in run(*bill, "--month", "2024-09-03").err
    quarter = ("call", "kepco_opm", "get_quarter_hour_reading", "--customer-number", "1")
    for typed in ("2024-10-01 14:00", "2024-10-01T05:00Z"):
        ran = run(*quarter, "--date-time", typed, "--dry-run")
        assert "= 202410011400" in ran.out, ran
    for typed, sent in (("2024-10-01", "202410010000"), ("2024-10-01T14", "202410011400")):
        assert f"= {sent}" in run(*quarter, "--date-time", typed, "--dry-run").out
    yesterday = run(*quarter, "--date-time", "yesterday", "--dry-run").out
    day = run("call", *DAY, "--date", "yesterday", "--dry-run").out
    assert (begin := re.search(r"dateTime = ([0-9]{8})0000\b", yesterday)), yesterday
    assert f"= {begin[1]}" in day
    for typed in ("2024-10-01-09", "2024-10-01+09:00", "2024-10"):
        assert "a day for its beginning" in run(*quarter, "--date-time", typed, "--dry-run").err


def test_a_dry_run_sends_nothing_and_shows_no_secret(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KEPCO_OPM_SERVICE_KEY", "a-key-that-nobody-sees")
    ran = run("call", *DAY, "--date", "2024-10-01", "--dry-run")
    assert ran.status == 0
    assert "a-key-that-nobody-sees" not in ran.out + ran.err
    assert "0100000001" not in ran.out + ran.err
    assert "date = 20241001" in ran.out and "serviceKey = ***" in ran.out
    request = data_of(run("call", *DAY, "--date", "2024-10-01", "--dry-run", "--json"))["request"]
    assert ["serviceKey", "***"] in request["query"]


def test_a_dry_run_of_an_answer_in_pages_shows_the_first_and_sends_nothing(
    run: Run, epias: Served
) -> None:
    words = ("call", "epias_ecms", "search_indexes", "--criteria.metering-point-id", "500001")
    where = ("--base-url", epias.address, "--ticket-url", epias.address)
    ran = run(*words, *where, "--dry-run")
    assert (ran.status, ran.err) == (0, "")
    assert "nothing was sent" in ran.out and '"end": 1000' in ran.out
    assert list(epias.app.state.mock.journal) == []


def test_a_request_with_mistakes_has_no_records_before_it(run: Run) -> None:
    ran = run("call", "epias_ecms", "search_indexes", "--criteria", "{}", "--dry-run")
    assert "records came" not in ran.err


def test_a_dry_run_needs_no_credential(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KEPCO_OPM_SERVICE_KEY", raising=False)
    assert run("call", *DAY, "--date", "2024-10-01", "--dry-run").status == 0
    ran = run("call", *DAY, "--date", "2024-10-01")
    assert (ran.status, "KEPCO_OPM_SERVICE_KEY" in ran.err) == (2, True)


def test_credentials_of_a_file_are_for_its_owner_alone(
    run: Run, kepco: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KEPCO_OPM_SERVICE_KEY")
    path = tmp_path / "keys"
    path.write_text("# ours\nOTHER_KEY=x\nKEPCO_OPM_SERVICE_KEY='demo-service-key'\n")
    asked = ("call", "kepco_opm", "list_customers", "--base-url", kepco.address)
    path.chmod(0o644)
    assert "chmod 600" in run(*asked, "--credentials", str(path)).err
    path.chmod(0o600)
    assert run(*asked, "--credentials", str(path)).status == 0


@pytest.mark.parametrize("command", [("call",), ("doctor",), ("harvest",)])
def test_what_a_client_cannot_do_without_is_asked_for(run: Run, command: tuple[str, ...]) -> None:
    operation = () if command == ("doctor",) else ("list_applications",)
    ran = run(*command, "kansai_kakusyu", *operation)
    assert ran.status == 2
    assert "required: --ip-address" in ran.err


def test_there_is_no_option_for_a_credential(run: Run) -> None:
    for system, secret in (("kepco_opm", "service-key"), ("epias_ecms", "password")):
        for operation in data_of(run("call", system, "--json"))["operations"]:
            assert f"--{secret}" not in run("call", system, operation["name"], "--help").out


def test_every_operation_of_every_system_has_its_options(run: Run) -> None:
    count = 0
    for system in SYSTEMS:
        for operation in data_of(run("call", system, "--json"))["operations"]:
            ran = run("call", system, operation["name"], "--help")
            assert ran.status == 0, ran
            count += 1
    assert count == 50


def test_a_file_of_several_lines_for_one_value_is_told_with_what_to_do(
    run: Run, kepco: Served, tmp_path: Path
) -> None:
    (numbers := tmp_path / "numbers").write_text("0100000001\n0100000003\n")
    asked = ("call", *DAY[:2], "--date", "2024-10-01", "--base-url", kepco.address)
    ran = run(*asked, "--customer-number", f"@{numbers}")
    assert ran.status == 2 and "do: customer_number takes one value, and its file has" in ran.err
    assert "0100000001" not in ran.err
    numbers.write_text("0100000001\n")
    assert run(*asked, "--customer-number", f"@{numbers}").status == 0


def test_a_walk_reads_all_pages_and_once_reads_one(run: Run, epias: Served, tmp_path: Path) -> None:
    base = f"{epias.address}/ecms-index-metering-data/rest"
    asked = ("call", "epias_ecms", "search_indexes", "--base-url", base, "--ticket-url",
             epias.address, "--criteria", "{}")  # fmt: skip
    walked = data_of(run(*asked, "--page-size", "7", "--json"))["records"]
    (page,) = data_of(run(*asked, "--once", "--row-range.begin", "1", "--row-range.end", "7",
                          "--json"))["records"]  # fmt: skip
    assert len(walked) > 7
    assert page["indexes"] == walked[:7]
    assert "add --once" in run(*asked, "--output", "raw").err
    lines = run(*asked, "--page-size", "7", "--output", "jsonl").out.splitlines()
    assert [json.loads(line, parse_float=Decimal) for line in lines] == walked
    run(*asked, "--page-size", "7", "--to", str(to := tmp_path / "all.parquet"))
    came = pq.read_table(to).column("fetched_at")
    assert len(came) == len(walked) and came.null_count == 0


def test_a_record_with_a_list_is_told_row_by_row(run: Run, epias: Served) -> None:
    base = f"{epias.address}/ecms-index-metering-data/rest"
    ran = run(
        "call", "epias_ecms", "search_indexes", "--base-url", base, "--ticket-url", epias.address,
        "--criteria", "{}", "--once", "--row-range", "{begin: 1, end: 3}", "--output", "csv",
    )  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert len(rows) == 3 and rows[0]["metering_point_id"]


def test_a_write_wants_to_be_confirmed(run: Run, epias: Served) -> None:
    base = f"{epias.address}/ecms-index-metering-data/rest"
    asked = ("call", "epias_ecms", "cancel_indexes", "--base-url", base, "--ticket-url",
             epias.address, "--index-ids", "1", "--index-ids", "2")  # fmt: skip
    ran = run(*asked)
    assert (ran.status, "add --yes" in ran.err) == (2, True)
    assert not [one for one in epias.app.state.mock.journal if one.operation == "cancel_indexes"]
    assert run(*asked, "--yes").status in (0, 6)


def test_lists_come_from_files_and_bodies_in_json_and_yaml(run: Run, tmp_path: Path) -> None:
    ids = tmp_path / "ids"
    ids.write_text("1\n\n2\n")
    base = ("--base-url", "http://127.0.0.1:9/x", "--ticket-url", "http://127.0.0.1:9", "--dry-run")
    ran = run("call", "epias_ecms", "find_indexes", *base, "--index-ids", f"@{ids}")
    assert json.loads(ran.out[ran.out.index("{") :])["body"] == {"indexList": [1, 2]} or (
        "1,\n" in ran.out and "2\n" in ran.out
    )
    body = tmp_path / "body.yaml"
    body.write_text("criteria:\n  meter_serial_number: 0042\n  period: 2024-10-01 00:00\n")
    ran = run("call", "epias_ecms", "search_indexes", *base, "--once", "--input", str(body))
    assert '"meterSerialNumber": "***"' in ran.out and '"2024-10-01T00:00:00' in ran.out
    assert read_structure("number: 0042", "body") == {"number": "0042"}
    body.write_text("criterias: {}\n")
    ran = run("call", "epias_ecms", "search_indexes", *base, "--once", "--input", str(body))
    assert ran.status == 2 and "known: criteria" in ran.err


def test_a_value_that_looks_like_an_option_is_none(run: Run) -> None:
    ran = run("call", *DAY[:2], "--customer-number=--json", "--date", "2024-10-01", "--dry-run")
    assert "{" not in ran.out.partition("\n")[0]
    ran = run("call", *DAY, "--date", "2024-10-01", "--dry-run", "--", "--json")
    assert (ran.status, ran.out) == (2, "")
    ran = run("call", *DAY[:2], "--customer-number", "--json", "--date", "2024-10-01")
    assert ran.status == 2
    assert "expected one argument" in json.loads(ran.out)["error"]


def test_a_wrong_name_in_a_body_says_ours(run: Run) -> None:
    base = ("--base-url", "http://127.0.0.1:9/x", "--ticket-url", "http://127.0.0.1:9", "--dry-run")
    ran = run("call", "epias_ecms", "search_indexes", *base, "--criteria",
              '{"meterSerialNumber": "1"}')  # fmt: skip
    assert ran.status == 2 and "its name here is meter_serial_number" in ran.err


def test_an_error_is_told_as_json_and_by_its_status(run: Run, kepco: Served) -> None:
    asked = ("call", *DAY, "--date", "2100-01-01", "--base-url", kepco.address)
    ran = run(*asked, "--json")
    failure = data_of(ran)["failure"]
    assert (ran.status, failure["kind"], failure["code"]) == (5, "NoDataError", "openapi-9001")
    long = ("call", *DAY[:3], "012345678901", "--date", "2024-10-01", "--base-url", kepco.address)
    ran = run(*long, "--json")
    assert ran.status == 2 and "012345678901" not in ran.out + ran.err
    assert data_of(ran)["failure"]["problems"][0]["rule"] == "too-long"


def test_an_error_says_what_to_do(run: Run, kepco: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("call", "kepco_opm", "list_customers", "--base-url")
    closed = run(*words, "http://127.0.0.1:1")
    assert closed.status == 7 and "do: check the network" in closed.err
    assert "gridwright doctor kepco_opm" in closed.err
    kepco.app.state.mock.faults.add("list_customers", Fault.html())
    assert "do: open the address in a browser" in run(*words, kepco.address).err
    monkeypatch.setenv("KEPCO_OPM_SERVICE_KEY", "a-wrong-key-of-ours")
    wrong = run(*words, kepco.address)
    assert "check KEPCO_OPM_SERVICE_KEY" in wrong.err and "a-wrong-key" not in wrong.err
    monkeypatch.delenv("KEPCO_OPM_SERVICE_KEY")
    assert "do: set KEPCO_OPM_SERVICE_KEY, or give --credentials FILE" in run(*words[:-1]).err
    assert "do: give --base-url https://…" in run("call", "kansai_takusou", "get_reception").err
    late = run("call", "kepco_opm", "get_day_load_profile", "--base-url", kepco.address)
    assert "do:" not in late.err  # the message says it


def test_every_error_has_a_documented_status() -> None:
    told: dict[str, Any] = {"system": "x", "operation": "y"}
    expected = {
        errors.ConfigurationError("x"): 2,
        errors.ClosedHoursError(**told): 3,
        errors.BusyError(**told): 3,
        errors.SessionExpiredError(**told): 4,
        errors.ConsentError(**told): 4,
        errors.NoDataError(**told): 5,
        errors.RejectedError(**told): 6,
        errors.SystemFailureError(**told): 6,
        errors.ConnectError("x"): 7,
        errors.OutcomeUnknownError("x"): 8,
        errors.DeviationError("x"): 9,
        errors.UploadError("x"): 1,
    }
    for error, status in expected.items():
        assert exit_status(error) == status, error
    assert set(expected.values()) <= set(EXITS["call"])


def test_the_page_lists_every_status() -> None:
    page = (ROOT / "docs" / "call.md").read_text(encoding="utf-8")
    for status, meaning in EXITS["call"].items():
        assert f"| {status} | {meaning} |" in page


def test_deviations_are_told_beside_the_result(run: Run, kepco: Served) -> None:
    fault = Fault.extra_fields({"newField": "1"})
    asked = ("call", "kepco_opm", "list_customers", "--base-url", kepco.address)
    kepco.app.state.mock.faults.add("list_customers", fault)
    ran = run(*asked)
    assert ran.status == 0 and "unknown-field" in ran.err
    kepco.app.state.mock.faults.add("list_customers", fault)
    assert data_of(run(*asked, "--json"))["deviations"][0]["rule"] == "unknown-field"
    kepco.app.state.mock.faults.add("list_customers", fault)
    assert run(*asked, "--strict").status == 9


def test_deviations_of_a_walk_are_told_as_those_of_one_call(run: Run, epias: Served) -> None:
    fault = Fault.extra_fields({"newField": "1"})
    base = f"{epias.address}/ecms-index-metering-data/rest"
    asked = ("call", "epias_ecms", "search_indexes", "--base-url", base, "--ticket-url",
             epias.address, "--criteria", "{}")  # fmt: skip
    epias.app.state.mock.faults.add("search_indexes", fault, times=9)
    ran = run(*asked)
    assert ran.status == 0 and "replies[0]." in ran.err and "unknown-field" in ran.err
    assert data_of(run(*asked, "--json"))["deviations"][0]["rule"] == "unknown-field"


def test_a_terminal_is_not_steered_by_what_a_provider_sends(run: Run, kepco: Served) -> None:
    fault = Fault.extra_fields({"newField\x1b[2J": "1"})
    kepco.app.state.mock.faults.add("list_customers", fault)
    ran = run("call", "kepco_opm", "list_customers", "--base-url", kepco.address)
    assert "\x1b" not in ran.out + ran.err


def test_a_system_outside_of_the_repository_is_called(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "mine"
    assert run("generate", "--specs", str(ROOT / "examples" / "specs"), "--out", str(out),
               "--package", "my_shell_apis").status == 0  # fmt: skip
    where = ("--generated", str(out), "--package", "my_shell_apis")
    ran = run("call", *where, "example_meter_hub", "--json")
    assert ran.status == 0
    name = data_of(ran)["operations"][0]["name"]
    assert run("call", *where, "example_meter_hub", name, "--help").status == 0


def test_the_command_starts_without_the_generators_libraries() -> None:
    code = (
        "import sys\nfrom gridwright.cli import main\n"
        "main(['call', 'kepco_opm', 'list_customers', '--dry-run', '--quiet'])\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "KEPCO_OPM_SERVICE_KEY": "x"},
    )  # fmt: skip
    loaded = set(done.stdout.split())
    assert not loaded & {"yaml", "jinja2", "jsonschema", "lxml", "black", "pyarrow", "starlette"}


@pytest.mark.parametrize(
    ("rows", "count"), [("records", 1), ("readings", 96), ("registers", 24), ("wide", 1)]
)
def test_rows_are_written_as_parquet_and_spreadsheet(
    rows: str, count: int, run: Run, kepco: Served, tmp_path: Path
) -> None:
    import pyarrow.parquet as pq

    asked = ("call", *DAY, "--date", "2024-10-01", "--base-url", kepco.address, "--rows", rows)
    path = tmp_path / "day.parquet"
    assert run(*asked, "--to", str(path)) == Ran(0, "", f"{path}: {count} rows\n")
    table = pq.read_table(path)
    assert table.num_rows == count and table.column("customer_number")[0].as_py() == "0100000001"
    sheet = tmp_path / "day.xlsx"
    assert run(*asked, "--to", str(sheet)).status == 0
    with ZipFile(sheet) as book:
        text = book.read("xl/sharedStrings.xml").decode()
        cells = book.read("xl/worksheets/sheet1.xml").decode()
    assert "0100000001" in text and cells.count("<row ") == count + 1
    if rows != "registers":
        assert "<v>26.5</v>" in cells


def test_readings_are_printed_and_ask_for_what_the_document_leaves_open(
    run: Run, kepco: Served
) -> None:
    where = ("--base-url", kepco.address, "--rows", "readings", "--output", "jsonl")
    lines = run("call", *DAY, "--date", "2024-10-01", *where).out.splitlines()
    assert len(lines) == 96
    assert json.loads(lines[1], parse_float=Decimal)["value"] == Decimal("26.5")
    asked = ("call", "kepco_opm", "get_quarter_hour_reading", *DAY[2:], "--date-time",
             "2024-10-01 14:00", *where)  # fmt: skip
    assert "--label-marks" in run(*asked).err
    assert run(*asked, "--label-marks", "end").status == 0


def test_a_spreadsheet_needs_a_file(run: Run, kepco: Served) -> None:
    asked = ("call", *DAY, "--date", "2024-10-01", "--base-url", kepco.address)
    ran = run(*asked, "--output", "xlsx")
    assert (ran.status, "--to FILE" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("call", "kepco_opm", "get_day_load_profile", "--customer-no", "0100000001"),
         "there is no option --customer-no; did you mean --customer-number? see: "
         "gridwright call kepco_opm get_day_load_profile --help"),
        (("call", "kepco_opm", "get_day_load_profile", "0100000001"),
         "a value stands there without its option; see: "),
        (("doctor", "kepco_opm", "--base-uri=http://127.0.0.1"),
         "there is no option --base-uri; did you mean --base-url? see: "),
        (("harvest", "gaps"), "the following arguments are required: DIR; see: "),
    ],
)  # fmt: skip
def test_a_wrong_option_is_said_alone_and_without_its_value(
    words: tuple[str, ...], said: str, run: Run
) -> None:
    ran = run(*words)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err and ran.err.count("\n") == 1
    assert "0100000001" not in ran.err and "127.0.0.1" not in ran.err


def test_a_long_wait_is_told_in_the_zone_of_the_service_unless_quiet_is_wanted(
    run: Run, kepco: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    list_customers = Client.list_customers

    @wraps(list_customers)  # its arguments become options
    def after_a_wait(client: Client) -> object:
        wait_till_it_opens()
        return list_customers(client)

    monkeypatch.setattr(Client, "list_customers", after_a_wait)
    words = ("call", "kepco_opm", "list_customers", "--base-url", kepco.address)
    ran = run(*words)
    assert (ran.status, ran.err) == (
        0,
        "waits 2:30:00, until 2024-10-05 23:30 (Asia/Seoul): "
        "the service is closed (limit nights)\n",
    )
    assert run(*words, "--quiet") == (0, "", "")
