"""`gridwright find`: words of both languages, codes, lines, in all systems, offline."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from .conftest import Ran

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "commands-1.schema.json").read_text("utf-8"))
Run = Callable[..., Ran]


def names(ran: Ran) -> list[str]:
    data = json.loads(ran.out)
    Draft202012Validator(SCHEMA).validate(data)
    return [f"{one['system']}.{one['name']}" for one in data["found"]]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("계기번호",), "kepco_opm.DayLoadProfile.meter_number"),
        (("METER", "number"), "kepco_opm.DayLoadProfile.meter_number"),
        (("pwr_qty",), "kepco_opm.DayLoadProfile.energy_kwh"),
        (("getCustBillData",), "kepco_opm.get_customer_bill"),
        (("申込番号",), "kansai_takusou.RegularApplication.application_number"),
        (("お申込み番号",), ""),
    ],
)
def test_words_are_found_in_every_language(words: tuple[str, ...], name: str, run: Run) -> None:
    ran = run("find", *words, "--json")
    found = names(ran)
    assert (name in found) if name else (ran.status, found) == (1, [])


def test_codes_and_lines_are_found(run: Run) -> None:
    assert "kepco_opm.yes_no.yes" in names(run("find", "yes", "--only", "kepco_opm", "--json"))
    found = names(run("find", "--line", "140", "--only", "kepco_opm", "--json"))
    assert found == ["kepco_opm.get_day_load_profile.date"]


def test_one_line_says_what_it_is_and_where(run: Run) -> None:
    ran = run("find", "bill", "month", "--only", "kepco_opm")
    assert "kepco_opm  field      CustomerBill.bill_month  청구년월" in ran.out
    assert ", wire bill_ym, line 680" in ran.out


def test_nothing_found_is_status_1_and_nothing_asked_is_wrong_use(run: Run) -> None:
    ran = run("find", "no-such-word-anywhere")
    assert ran.status == 1 and "nothing has all of these words" in ran.err
    assert "--only kepco_opm" in run("find", "kepco_opm", "no-such-word").err
    assert run("find").status == 2


def test_a_system_without_its_interface_says_where_it_would_lie(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "alone_apis" / "demo").mkdir(parents=True)
    (out / "alone_apis" / "demo" / "operations.py").write_text("")
    ran = run("find", "x", "--generated", str(out), "--package", "alone_apis")
    assert ran.status == 2 and "schemas" in ran.err
