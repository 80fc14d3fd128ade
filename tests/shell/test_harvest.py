"""`gridwright harvest`: what is typed, what is said, and what the status means."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from jsonschema import Draft202012Validator
from msgspec import structs

from gridwright.commands.arguments import EXITS
from gridwright_apis import epias_ecms, kepco_opm
from gridwright_apis.epias_ecms import mock as epias_mock
from gridwright_apis.kepco_opm import operations
from gridwright_runtime.harvest.ledger import Ledger
from gridwright_runtime.harvest.report import newest, plan_of
from gridwright_runtime.limits.kinds import Limit, Limits, QuotaLimit, RateLimit
from gridwright_runtime.mock.faults import Fault
from gridwright_runtime.mock.transport import MockTransport
from gridwright_runtime.shell.harvest_command import whole_reply

from .conftest import Ran, Served

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "commands-1.schema.json").read_text("utf-8"))
Run = Callable[..., Ran]


def data_of(ran: Ran) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ran.out)
    Draft202012Validator(SCHEMA).validate(found)
    return found


@pytest.fixture
def asked(kepco: Served, tmp_path: Path) -> tuple[str, ...]:
    numbers = tmp_path / "numbers"
    numbers.write_text("0100000001\n0100000003\n")
    return (
        "harvest", "kepco_opm", "get_day_load_profile", "--base-url", kepco.address,
        "--into", str(tmp_path / "lake"), "--each", f"customer_number=@{numbers}",
        "--window", "date", "--key", "customer_number,meter_number,interval_start,quantity",
        "--from", "2024-10-01", "--to", "2024-10-04",
    )  # fmt: skip


def test_a_harvest_from_the_first_line_to_the_export(
    asked: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    lake = str(tmp_path / "lake")
    dry = data_of(run(*asked, "--dry-run", "--json"))
    assert (dry["subjects"], dry["windows"], dry["calls"]) == (2, 3, 6)
    assert not (tmp_path / "lake").exists()
    ran = run(*asked)
    assert (ran.status, ran.out) == (0, f"{lake}: 6 done; 6 calls\n")
    made_of = json.loads((tmp_path / "lake" / "manifest.json").read_bytes())
    published = ROOT / "generated" / "schemas" / "kepco_opm" / "interface.json"
    document = json.loads(published.read_bytes())["document"]
    assert made_of["document"] == {name: document[name] for name in ("file", "title")}
    assert re.fullmatch("[0-9a-f]{64}", made_of["interface"])
    assert data_of(run(*asked, "--json"))["calls"] == 0
    longer = run(*asked[:-1], "2024-10-06", "--dry-run").out
    assert "2 subjects × up to 5 windows; 6 of 10 are there: 4 calls" in longer
    assert data_of(run("harvest", "status", lake, "--json"))["chunks"] == {"done": 6}
    assert data_of(run("harvest", "gaps", lake, "--json"))["gaps"] == []
    assert data_of(run("harvest", "changes", lake, "--json"))["changes"] == []
    assert data_of(run("harvest", "repair", lake, "--json"))["lost"] == []
    to = tmp_path / "all.parquet"
    rows = data_of(run("harvest", "export", lake, "--to", str(to), "--json"))["rows"]
    assert pq.read_table(to).num_rows == rows > 500
    assert data_of(run("harvest", "compact", lake, "--json"))["files"] == 12
    for action in ("status", "gaps", "changes", "repair", "compact"):
        assert run("harvest", action, lake).status == 0


def test_subjects_come_from_another_operation(
    asked: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    each = asked.index("--each") + 1
    words = [*asked]
    words[each] = "customer_number=list_customers.customer_number"
    assert data_of(run(*words, "--dry-run", "--json"))["subjects"] == 7


MINUTE = RateLimit(name="minute", requests=100, per_seconds=60.0)
DAY = QuotaLimit(name="day", requests=1000, each="day")
OTHER = RateLimit(name="other", requests=1, per_seconds=9e5, operations=("list_customers",))
OF_EACH = RateLimit(name="of_each", requests=1, per_seconds=9e5, same="customer_number")


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ((MINUTE,), "at least 0:01:00 by the limits"),
        ((MINUTE, DAY, OTHER, OF_EACH), "at least 0:01:00 by the limits"),
        ((MINUTE, QuotaLimit(name="day", requests=50, each="day")), "at least 2 days, 0:00:00"),
        ((OTHER, OF_EACH), "no limit of speed is stated"),
    ],
)
def test_a_dry_run_says_how_long_it_takes_by_the_limits(
    limits: tuple[Limit, ...], said: str, asked: tuple[str, ...], run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """102 calls: of two customers, 51 days each."""
    limited = structs.replace(operations.SYSTEM, limits=Limits(limits))
    monkeypatch.setattr(operations, "SYSTEM", limited)
    words = (*asked[:-3], "2024-08-25", "--to", "2024-10-15")
    assert said in run(*words, "--dry-run").out


def test_what_the_spec_says_needs_no_option(
    kepco: Served, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("harvest", "kepco_opm", "get_day_load_profile", "--base-url", kepco.address)
    period = ("--from", "2024-10-01", "--to", "2024-10-02")
    assert data_of(run(*words, *period, "--json"))["calls"] == 7
    assert plan_of(tmp_path / "kepco_opm.get_day_load_profile").key == (
        "customer_number", "meter_number", "interval_start", "quantity",
    )  # fmt: skip
    # The lake knows its first day.
    more = data_of(run(*words, "--to", "2024-10-03", "--json"))
    assert (more["calls"], more["chunks"]) == (7, {"done": 14})


def test_an_option_counts_for_more_than_the_spec(kepco: Served, run: Run, tmp_path: Path) -> None:
    numbers = tmp_path / "numbers"
    numbers.write_text("0100000003\n")
    ran = run(
        "harvest", "kepco_opm", "get_day_load_profile", "--base-url", kepco.address, "--each",
        f"@{numbers}", "--from", "2024-10-01", "--to", "2024-10-03", "--dry-run", "--json",
    )  # fmt: skip
    assert data_of(ran)["calls"] == 2


def test_what_nobody_says_is_asked_for(kepco: Served, run: Run) -> None:
    words = ("--base-url", kepco.address, "--dry-run")
    known = run("harvest", "kepco_opm", "get_day_load_profile", *words)
    assert known.status == 2 and "give --from DAY" in known.err
    unknown = run("harvest", "kepco_opm", "get_customer_bill", *words)
    assert unknown.status == 2 and "give --window ARGUMENT, --key COLUMN" in unknown.err


@pytest.mark.parametrize("until", ["2024-10-01", "2024-09-30"])
def test_a_period_without_a_day_is_wrong_use(until: str, asked: tuple[str, ...], run: Run) -> None:
    ran = run(*asked[:-1], until)
    assert ran.status == 2 and "no day is left between them" in ran.err


def test_a_list_without_subjects_is_wrong_use(
    asked: tuple[str, ...], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who lists subjects by a query that failed has read nothing, and is to know."""
    (tmp_path / "numbers").write_text("\n \r\n")
    ran = run(*asked)
    assert ran.status == 2 and "numbers has no line with a customer_number" in ran.err
    monkeypatch.setattr(kepco_opm.Client, "list_customers", lambda self: ())
    words = [*asked]
    words[words.index("--each") + 1] = "customer_number=list_customers.customer_number"
    ran = run(*words)
    assert ran.status == 2 and "kepco_opm.list_customers lists no customer_number" in ran.err


def test_what_may_come_late_is_a_note_where_nobody_says_how_long(
    asked: tuple[str, ...], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = structs.replace(operations.GET_DAY_LOAD_PROFILE, harvest=None)
    monkeypatch.setattr(operations, "GET_DAY_LOAD_PROFILE", told)
    words = (*asked[:-3], "yesterday", "--json")
    assert "--corrected P7D" in data_of(run(*words))["notes"][0]
    assert data_of(run(*words, "--corrected", "P0D"))["notes"] == []


def test_gaps_tell_of_what_the_service_has_nothing(
    asked: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    lake = str(tmp_path / "lake")
    run(*asked)
    with Ledger(tmp_path / "lake") as ledger:
        ledger._database.execute(
            "update chunks set state = 'nothing', code = 'openapi-9001' where start > '2024-10-01'"
        )
    ran = run("harvest", "gaps", lake)
    assert "4 windows are no gaps: the service says that it has nothing" in ran.out
    assert "***01    2024-10-02 to 2024-10-04: nothing openapi-9001" in ran.out
    found = data_of(run("harvest", "gaps", lake, "--json"))["nothing"]
    assert [one["code"] for one in found] == ["openapi-9001"] * 4


def test_all_pages_of_a_long_answer_are_one_reply() -> None:
    transport = MockTransport(epias_mock.application())
    with epias_ecms.Client(
        username="demo-username", password="demo-password", transport=transport
    ) as client:
        criteria = epias_ecms.models.IndexSearchCriteria()
        walked = list(client.iter_index_readings(criteria=criteria, page_size=7))
        reply = whole_reply(client.iter_index_readings)(criteria=criteria, page_size=7)
    assert len(walked) > 7 and reply.records == walked
    assert reply.model is type(walked[0])


def test_ctrl_c_ends_with_130_and_says_so(
    asked: tuple[str, ...], kepco: Served, tmp_path: Path
) -> None:
    # A shell that starts processes in the background has them ignore it.
    with subprocess.Popen(
        [sys.executable, "-m", "gridwright", *asked[:-3], "2010-01-01", "--to", "2024-10-01"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:  # fmt: skip
        while process.poll() is None and len(kepco.app.state.mock.journal) < 3:
            pass
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert (process.returncode, "stopped: interrupted" in err) == (130, True)
    assert " due; " in out or " due, " in out
    assert "running" not in run_status(tmp_path / "lake")


def run_status(lake: Path) -> dict[str, int]:
    with Ledger(lake) as ledger:
        return ledger.counts()


def test_a_limit_ends_with_3_and_says_when_to_go_on(
    asked: tuple[str, ...], run: Run, kepco: Served
) -> None:
    kepco.app.state.mock.faults.add("get_day_load_profile", Fault.too_many(3600), times=9)
    ran = run(*asked)
    assert ran.status == 3 and "go on at" in ran.err


def test_failures_end_with_1_and_name_the_report(
    asked: tuple[str, ...], run: Run, kepco: Served, tmp_path: Path
) -> None:
    kepco.app.state.mock.faults.add("get_day_load_profile", Fault.status(500))
    ran = run(*asked)
    assert (ran.status, "see: gridwright harvest gaps" in ran.out) == (1, True)
    ran = run("harvest", "gaps", str(tmp_path / "lake"))
    assert ran.status == 1 and "***01" in ran.out and "0100000001" not in ran.out


def test_lost_files_are_told_by_each_command_with_what_to_do(
    asked: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    lake, name = tmp_path / "lake", ""
    run(*asked)
    for path in sorted(lake.glob("parts/*/readings-*"))[:2]:
        name = path.relative_to(lake).as_posix()
        path.unlink()
    do = "2 part files are lost or damaged, such as parts/2024-10/readings-"
    again = f"gridwright harvest repair {lake} --read-again"
    to = str(tmp_path / "all.parquet")
    for words in (asked, ("harvest", "export", str(lake), "--to", to)):
        ran = run(*words)
        assert ran.status == 1 and do in ran.err and again in ran.err
    assert not Path(to).exists()
    gaps = run("harvest", "gaps", str(lake))
    assert gaps.status == 1 and f"2024-10-01 to 2024-11-01: lost: {name}" in gaps.out
    ran = run("harvest", "repair", str(lake))
    assert ran.status == 1 and f"lost: {name}" in ran.out and "give --read-again" in ran.err
    found = data_of(run("harvest", "repair", str(lake), "--read-again", "--json"))
    assert len(found["lost"]) == found["due_again"] == 2
    assert run("harvest", "status", str(lake)).status == 1
    assert (run(*asked).out, run("harvest", "repair", str(lake)).status) == (
        f"{lake}: 6 done; 2 calls\n", 0,
    )  # fmt: skip


def test_a_byte_that_changed_is_told_with_whose_days_are_concerned(
    asked: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    lake = tmp_path / "lake"
    run(*asked)
    assert data_of(run("harvest", "repair", str(lake), "--json"))["concerned"] == []
    run("harvest", "compact", str(lake))
    (path,) = lake.glob("parts/*/readings-*")
    name = path.relative_to(lake).as_posix()
    flip(path, path.stat().st_size // 2)
    ran = run("harvest", "repair", str(lake))
    lines = [f"damaged: {name}"] + [
        f"  ***{last}    2024-10-01 to 2024-10-04" for last in ("01", "03")
    ]
    assert (ran.status, sorted(ran.out.splitlines()[1:])) == (1, sorted(lines))
    found = data_of(run("harvest", "repair", str(lake), "--read-again", "--json"))
    assert (found["damaged"], found["lost"], found["due_again"]) == ([name], [], 6)
    assert sorted(one.pop("subject") for one in found["concerned"]) == ["***01", "***03"]
    assert found["concerned"] == [{"file": name, "start": "2024-10-01", "end": "2024-10-04"}] * 2
    assert [run(*asked).status, run("harvest", "gaps", str(lake)).status] == [0, 0]


def flip(path: Path, place: int) -> None:
    whole = bytearray(path.read_bytes())
    whole[place] ^= 1
    path.write_bytes(whole)


@pytest.mark.parametrize("size", [0, 1000])
def test_a_damaged_file_is_told_by_its_name_and_read_again(
    size: int, asked: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    lake = tmp_path / "lake"
    run(*asked)
    (path, *_) = lake.glob("parts/*/readings-*")
    name = path.relative_to(lake).as_posix()
    os.truncate(path, size)
    to = str(tmp_path / "all.parquet")
    for words in (("gaps", str(lake)), ("changes", str(lake)), ("export", str(lake), "--to", to)):
        ran = run("harvest", *words)
        assert ran.status == 1 and len(ran.err.splitlines()) == 1
        assert f"1 part file is lost or damaged, such as {name}: put them back" in ran.err
    ran = run("harvest", "repair", str(lake), "--read-again")
    said = (
        rf"damaged: {name}\n  \*\*\*0[13]    2024-10-0(\d) to 2024-10-0\d\n1 chunks are due again\n"
    )
    assert (ran.status, bool(re.search(said, ran.out))) == (1, True)
    assert run(*asked).out == (f"{lake}: 6 done; 1 calls\ntaken over: 0 chunks, 1 files removed\n")
    assert [run("harvest", action, str(lake)).status for action in ("gaps", "repair")] == [0, 0]


def test_an_export_to_nowhere_is_one_line(asked: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    run(*asked)
    for name in ("all.csv", "all.parquet"):
        to = tmp_path / "none" / name
        ran = run("harvest", "export", str(tmp_path / "lake"), "--to", str(to))
        assert (ran.status, len(ran.err.splitlines())) == (1, 1)
        assert "No such file or directory" in ran.err


def test_an_export_of_another_form_is_wrong_use(
    asked: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    run(*asked)
    to = tmp_path / "all.xlsx"
    ran = run("harvest", "export", str(tmp_path / "lake"), "--to", str(to))
    assert (ran.status, to.exists()) == (2, False) and "end in .parquet or .csv" in ran.err


def test_what_is_asked_about_a_month_is_asked_once_a_month(
    kepco: Served, run: Run, tmp_path: Path
) -> None:
    lake, numbers = tmp_path / "lake", tmp_path / "numbers"
    numbers.write_text("0100000001\n")
    asked = (
        "harvest", "kepco_opm", "get_customer_bill", "--base-url", kepco.address, "--into",
        str(lake), "--each", f"customer_number=@{numbers}", "--window", "month", "--key",
        "customer_number,bill_month", "--from", "2024-01-15", "--to", "2024-04-01",
    )  # fmt: skip
    ran = data_of(run(*asked, "--json"))
    assert (ran["calls"], ran["chunks"]) == (3, {"done": 3})
    months = newest(lake, "records").column("bill_month").to_pylist()
    assert [str(month) for month in months] == ["2024-01-01", "2024-02-01", "2024-03-01"]
    assert "about one month here" in run(*asked, "--step", "P1D").err


def test_an_export_of_what_a_lake_does_not_hold_says_what_it_holds(
    asked: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    run(*asked)
    to = str(tmp_path / "all.csv")
    ran = run("harvest", "export", str(tmp_path / "lake"), "--of", "records", "--to", to)
    assert ran.status == 2
    assert "the lake holds no records: it holds readings and registers" in ran.err


def test_gaps_that_follow_one_another_are_one_line(kepco: Served, run: Run, tmp_path: Path) -> None:
    """The meter of this customer tells hours: three of four quarters have no value."""
    lake, numbers = str(tmp_path / "lake"), tmp_path / "numbers"
    numbers.write_text("0100000007\n")
    run(
        "harvest", "kepco_opm", "get_day_load_profile", "--base-url", kepco.address, "--into", lake,
        "--each", f"@{numbers}", "--from", "2024-10-01", "--to", "2024-10-04",
    )  # fmt: skip
    assert run("harvest", "gaps", lake).out.splitlines() == [
        "***07    2024-10-01 to 2024-10-04: each day 72 intervals have no value: "
        "meter_number ***72, quantity energy_kwh",
        "3 gaps",
    ]
    found = data_of(run("harvest", "gaps", lake, "--json"))["gaps"]
    assert [(one["start"], one["intervals"]) for one in found] == [
        ("2024-10-01", 72), ("2024-10-02", 72), ("2024-10-03", 72),
    ]  # fmt: skip


def test_a_lake_of_another_layout_is_wrong_use(
    asked: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    run(*asked)
    with Ledger(tmp_path / "lake") as ledger:
        ledger.set_fact("layout", "99")
    for words in (asked, ("harvest", "status", str(tmp_path / "lake"))):
        ran = run(*words)
        assert ran.status == 2 and "a later gridwright has written this lake" in ran.err


def test_nothing_that_is_printed_names_a_subject(asked: tuple[str, ...], run: Run) -> None:
    for words in ((*asked, "--dry-run"), asked, (*asked, "--json")):
        ran = run(*words)
        assert "0100000001" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"--window": "day"}, "has no argument 'day'"),
        ({"--each": "customer_number=nothing.x"}, "OPERATION.FIELD"),
        ({"--each": "customer_number"}, "write @FILE, ARGUMENT=@FILE"),
        ({"--each": "customer=@none"}, "--each: none: No such file"),
        ({"--each": "@none"}, "--each"),
        ({"--from": "01.10.2024"}, "--from: write a day"),
    ],
)
def test_wrong_use_says_what_to_write(
    change: dict[str, str], said: str, asked: tuple[str, ...], run: Run
) -> None:
    words = [*asked]
    for option, text in change.items():
        words[words.index(option) + 1] = text
    ran = run(*words)
    assert ran.status == 2 and said in ran.err


def test_another_meaning_or_a_write_is_wrong_use(
    asked: tuple[str, ...], run: Run, tmp_path: Path
) -> None:
    run(*asked)
    other = [*asked]
    other[other.index("--key") + 1] = "meter_number,interval_start"
    ran = run(*other)
    assert ran.status == 2 and "means something else" in ran.err and "--into" in ran.err
    assert "P7D" in run(*asked, "--step", "P2Q").err
    assert "two arguments" in run(*asked, "--step", "P7D").err
    assert "is a write" in run("harvest", "epias_ecms", "cancel_indexes").err
    assert "there is no lake" in run("harvest", "gaps", str(tmp_path / "none")).err
    assert run("harvest").status == 2


def test_what_has_changed_is_a_note(asked: tuple[str, ...], run: Run) -> None:
    run(*asked)
    ran = run(*asked, "--published", "PT1H")
    assert ran.status == 0 and "note: published_seconds was 0, and is 3600" in ran.err
    assert data_of(run(*asked, "--json"))["notes"] == ["published_seconds was 3600, and is 0"]
    assert data_of(run(*asked, "--json"))["notes"] == []


def test_the_page_lists_every_status() -> None:
    page = (ROOT / "docs" / "harvest.md").read_text(encoding="utf-8")
    for status, meaning in EXITS["harvest"].items():
        assert f"| {status} | {meaning} |" in page
