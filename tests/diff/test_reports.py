"""The forms of a report: they say the same, and a spec's text can break out of none."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import TypeAlias

import jsonschema
import pytest

from gridwright.diff.accept import applied, read_acceptances
from gridwright.diff.changelog import changelog_entry
from gridwright.diff.report import Report, fails, review
from gridwright.diff.report_github import github_report
from gridwright.diff.report_json import json_report
from gridwright.diff.report_markdown import markdown_report
from gridwright.diff.report_text import text_report
from gridwright.diff.verdicts import Change

from .support import Tree, acceptance, changes_between

METER = "operations.list_readings.reply.fields.meterNo"
CHANNEL = "operations.list_readings.reply.fields.channel"
MIXED = changes_between(
    {},
    {
        METER + ".size": "30",
        METER + ".name": "meter",
        METER + ".label": "Nummer",
        "operations.get_profile.at": "62-69",
        "limits.rate.requests": "1",
        "codes.reason.values.R2": "(gone)",
    },
)
Form: TypeAlias = Callable[[Report], str]
FORMS: tuple[Form, ...] = (text_report, markdown_report, json_report, github_report)


def report_of(changes: tuple[Change, ...], acceptances: str = "") -> Report:
    accepted, problems = (
        read_acceptances(acceptances.encode(), "accepted.yaml") if acceptances else ((), [])
    )
    assert problems == []
    held, void = applied(changes, accepted)
    return Report(
        old="main", new="HEAD", changes=changes, accepted=held, void=void, same=("other",)
    )


def test_json_fits_its_schema() -> None:
    void = '- {change: "000000000000", rule: gone, place: nowhere, reason: old}\n'
    first = MIXED[0]
    held = acceptance(first.fingerprint, first.rule, first.place, "agreed")
    schema = json.loads(files("gridwright.diff").joinpath("report.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for report in (report_of(()), report_of(MIXED), report_of(MIXED, void + held)):
        jsonschema.validate(json.loads(json_report(report)), schema)


def test_json_has_every_change_and_its_three_verdicts() -> None:
    data = json.loads(json_report(report_of(MIXED)))
    assert [c["fingerprint"] for c in data["changes"]] == [c.fingerprint for c in MIXED]
    assert {tuple(c["verdicts"]) for c in data["changes"]} == {("document", "wire", "python")}
    assert (data["level"], data["suggested_bump"]) == ("breaking", "major")


@pytest.mark.parametrize("form", [text_report, markdown_report], ids=lambda f: f.__name__)
def test_people_read_rule_place_line_and_fingerprint_of_what_is_felt(form: Form) -> None:
    text = form(report_of(MIXED))
    for change in MIXED:
        assert change.rule in text
        if change.level.value != "none":
            assert change.fingerprint in text
        assert change.new is None or f"{change.new.span.file}:{change.new.span.line}" in text


def test_what_says_the_same_of_several_things_is_told_once() -> None:
    sizes = {f"operations.{o}.reply.fields.day.at": "90" for o in ("list_readings", "get_profile")}
    text = text_report(report_of(changes_between({}, sizes)))
    assert text.count("lines-moved") == 1 and "and 1 more" in text


def test_a_mark_that_changes_its_meaning_is_told_once_for_all_its_fields() -> None:
    changes = changes_between({}, {"conventions.required_marks.M": "optional"})
    optional = [c for c in changes if c.rule == "request-field-became-optional"]
    assert len(optional) > 3
    told = text_report(report_of(changes))
    assert "required → may be left out" in told
    assert told.count("request-field-became-optional") < len(optional)


def test_of_many_lines_a_reviewer_is_sent_to_the_first() -> None:
    lines = [str(number) for number in range(2, 20, 2)]
    patch = {METER + ".size": "30", METER + ".at": lines}
    (change,) = changes_between({METER + ".at": lines}, patch)
    assert "lines 2, 4, 6, 8 and 5 more of pairs.txt" in review(change)


def test_the_summary_of_several_systems_has_the_worst_first() -> None:
    both = [replace(c, system=system) for system in ("one", "two") for c in MIXED]
    rows = re.findall(r"^\| \**(breaking|risky)", markdown_report(report_of(tuple(both))), re.M)
    assert set(rows) == {"breaking", "risky"} and rows == sorted(rows)


def test_a_row_of_several_things_says_where_the_lines_of_the_others_are() -> None:
    patch = {METER + ".personal": "no", "operations.list_readings.request.meterNo.personal": "no"}
    changes = changes_between({}, patch)
    assert len(changes) == 2
    assert "(the lines of the others: see the details)" in markdown_report(report_of(changes))


def test_the_changelog_says_a_sentence_that_begins_with_nothing_in_full() -> None:
    changes = changes_between({}, {CHANNEL + ".presence": "always"})
    told = "\n".join(changelog_entry(changes))
    assert ":  to" not in told and "nothing to read replies" in told


def test_no_change_is_said_in_words() -> None:
    assert "no change" in text_report(report_of(()))
    assert "is the same" in markdown_report(report_of(()))


def test_annotations_stand_at_their_lines_and_leave_out_what_nobody_notices() -> None:
    lines = github_report(report_of(MIXED)).splitlines()
    commands = [line for line in lines if line.startswith("::")]
    assert all(re.match(r"::(error|warning|notice) file=\S+,line=\d+,title=", c) for c in commands)
    assert not any("lines-moved" in line for line in commands)
    assert lines[-1].startswith("3 breaking")


@pytest.mark.parametrize(
    ("fail_on", "fails_there"),
    [("breaking", True), ("risky", True), ("safe", True), ("none", True), ("never", False)],
)
def test_the_threshold_decides(fail_on: str, fails_there: bool) -> None:
    assert fails(report_of(MIXED), fail_on) is fails_there


def test_a_mild_change_passes_a_high_threshold() -> None:
    mild = report_of(changes_between({}, {METER + ".label": "Nummer"}))
    assert [fails(mild, on) for on in ("breaking", "risky", "safe", "none")] == [
        False, False, True, True,
    ]  # fmt: skip


def test_accepted_changes_do_not_fail_and_are_shown_with_their_reason() -> None:
    changes = changes_between({}, {"limits.rate.requests": "1"})
    (change,) = changes
    text = acceptance(change.fingerprint, change.rule, change.place, "everybody waits")
    report = report_of(changes, text)
    assert not fails(report, "none")
    for form in (text_report, markdown_report, json_report):
        assert "everybody waits" in form(report)
    assert report.bump.value == "major"  # an accepted break is still one


def test_a_void_acceptance_is_reported_in_every_form() -> None:
    report = report_of(
        MIXED, '- {change: "000000000000", rule: gone-rule, place: nowhere, reason: old}\n'
    )
    for form in FORMS:
        assert "gone-rule" in form(report) and "accepted.yaml" in form(report)


HOSTILE = "x\x1b[31m </details> <script> | `a` **b** ::error::c %0A [l](http://e.example)"


@pytest.mark.parametrize("place", ["en", "label"])
def test_a_hostile_text_breaks_out_of_no_form(place: str) -> None:
    text: Tree = HOSTILE.replace("\x1b", "")
    changes = changes_between({}, {f"{METER}.{place}": text, "limits.rate.en": text})
    report = report_of(changes)
    markdown = markdown_report(report)
    assert "<script>" not in re.sub(r"`[^`]*`", "", markdown)
    assert markdown.count("</details>") == markdown.count("<details>")
    assert all(
        line.startswith(("::notice file=", "::error file=", "::warning file="))
        or "::" not in line[:2]
        for line in github_report(report).splitlines()
    )


@pytest.mark.parametrize("form", [markdown_report, github_report], ids=lambda f: f.__name__)
def test_controls_in_the_name_of_a_folder_are_spelt_out(form: Form) -> None:
    hostile = tuple(replace(c, system="x\x1b[31m", what="y\x1b[31m\u202e") for c in MIXED)
    assert form(report_of(hostile)).replace("\n", "").isprintable()


def test_controls_reach_no_terminal() -> None:
    report = report_of(MIXED)
    assert text_report(report).replace("\n", "").isprintable()
