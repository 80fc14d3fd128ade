"""What is a change and what is none; where it stands; what its fingerprint survives."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridwright.diff.compare import compare, compare_systems
from gridwright.diff.rules import statuses
from gridwright.diff.sides import folder_side, understand_sides
from gridwright.diff.verdicts import Bump, DocumentReading, Level, suggested_bump, worst
from gridwright_runtime import interface

from .support import Tree, base, changes_between, patched, rules_of, seen_of, yaml_of

# Mappings whose order is the document's, and shows nowhere. That of servers does: a path without a
# host belongs to the first.
UNORDERED = ("codes", "limits", "credentials", "operations", "envelopes", "records")
ERRATUM: Tree = {
    "id": "an-erratum", "kind": "erratum", "at": "44", "finding": "two lines disagree",
    "ruling": "the second counts",
}  # fmt: skip
METER = "operations.list_readings.reply.fields.meterNo"
LONGER = {
    "id": "longer",
    "kind": "erratum",
    "at": "53",
    "finding": "an example is longer",
    "ruling": "the longer one",
    "patch": {METER + ".size": {"printed": "20", "use": "30"}},
}


def shuffled(tree: Tree, seed: int) -> Tree:
    chance = random.Random(seed)
    result = dict(tree)
    for key in UNORDERED:
        entries = list(tree[key].items())
        chance.shuffle(entries)
        result[key] = dict(entries)
    top = list(result.items())
    chance.shuffle(top)
    return dict(top)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_a_reordered_file_is_no_change(seed: int) -> None:
    assert compare(seen_of(base()), seen_of(shuffled(base(), seed))) == ()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_fingerprints_survive_reordering(seed: int) -> None:
    patch = {METER + ".size": "30", "limits.rate.requests": "1"}
    plain = changes_between({}, patch)
    moved = compare(seen_of(base()), seen_of(shuffled(patched(base(), patch), seed)))
    assert {c.fingerprint for c in plain} == {c.fingerprint for c in moved} != set()


def test_fingerprints_survive_a_rebase_onto_other_changes() -> None:
    other = {
        "operations.get_profile.en": "load profile",
        "document.facts.new": {"en": "x", "at": "4"},
    }
    patch = {METER + ".size": "30"}
    (alone,) = changes_between({}, patch)
    (rebased,) = changes_between(other, other | patch)
    assert alone.fingerprint == rebased.fingerprint
    assert alone.new is not None and rebased.new is not None


def test_another_value_is_another_fingerprint() -> None:
    (one,), (two,) = (changes_between({}, {METER + ".size": size}) for size in ("30", "31"))
    assert one.fingerprint != two.fingerprint


def test_a_change_names_both_files_and_the_lines_of_the_document() -> None:
    found = changes_between(new_amendments=[LONGER])
    (change,) = [c for c in found if c.rule == "reply-size-grown"]
    assert change.old is not None and change.new is not None
    assert (change.old.span.file, change.old.text) == ("interface.yaml", "20")
    assert (change.new.span.file, change.new.text) == ("amendments.yaml", "30")
    assert (change.old.lines, change.new.lines) == ("line 53", "line 53")
    assert (change.verdicts.reading, change.amendments) == (DocumentReading.RULING, ("longer",))


def test_a_withdrawn_erratum_is_told_at_what_it_changed() -> None:
    found = changes_between(old_amendments=[LONGER])
    assert rules_of(found) == ["erratum-withdrawn", "reply-size-shrunk"]
    assert {c.withdrawn for c in found} == {("longer",)}


def test_a_new_edition_makes_corrections_of_the_transcription_changes_of_the_document() -> None:
    patch = {METER + ".size": "30"}
    (correction,) = changes_between({}, patch)
    edition = changes_between({}, patch | {"document.file": "pairs2.txt"})
    (size,) = [c for c in edition if c.rule == "reply-size-grown"]
    assert correction.verdicts.reading is DocumentReading.CORRECTION
    assert size.verdicts.reading is DocumentReading.EDITION


def test_a_rename_is_one_change_and_no_removal() -> None:
    found = changes_between({}, {"operations.get_profile": "(as get_load_profile)"})
    assert [c.rule for c in found] == ["operation-renamed"]


def test_a_renamed_operation_is_the_same_one_in_amendments_and_lists() -> None:
    def amendments(name: str) -> list[Tree]:
        place = f"operations.{name}"
        patch = {f"{place}.en": {"printed": "profile of a day", "use": "load profile"}}
        return [
            {**ERRATUM, "id": "profile-wording", "patch": patch},
            {**ERRATUM, "id": "profile-number", "about": [place]},
        ]

    old = {"operations.get_profile.en": "profile of a day"}
    new = {
        "operations.get_profile": "(as get_load_profile)",
        "operations.get_load_profile.en": "profile of a day",
    }
    listed = {"number": "7", "label": "Profil", "at": "6"}
    changes = changes_between(
        old | {"document.operation_list": {"get_profile": listed}},
        new | {"document.operation_list": {"get_load_profile": listed}},
        old_amendments=amendments("get_profile"),
        new_amendments=amendments("get_load_profile"),
    )
    assert "operation-renamed" in rules_of(changes)
    assert not {
        "amendment-patch-changed",
        "amendment-concerns-changed",
        "recorded-fact-changed",
    } & {*rules_of(changes)}


def test_a_withdrawn_erratum_of_an_address_is_told_at_the_address() -> None:
    place = "operations.list_readings.address.text"
    printed = base()["operations"]["list_readings"]["address"]["text"]
    erratum = {**ERRATUM, "patch": {place: {"printed": printed, "use": f"{printed}/all"}}}
    changes = {c.rule: c for c in changes_between(old_amendments=[erratum], new_amendments=[])}
    change = changes["address-changed"]
    assert change.withdrawn == ("an-erratum",)
    assert change.verdicts.reading is DocumentReading.RULING
    assert change.new is not None and change.new.lines == "line 41"


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (("1", "PT1S"), ("5", "PT1S"), "rate-raised"),
        (("1", "PT1S"), ("60", "PT1M"), "rate-raised"),
        (("5", "PT5S"), ("1", "PT1S"), "rate-lowered"),
        # More a second on the whole, and yet bursts that were allowed are refused.
        (("5", "PT5S"), ("2", "PT1S"), "rate-counted-otherwise"),
        (("2", "PT1S"), ("5", "PT5S"), "rate-counted-otherwise"),
    ],
)
def test_a_rate_is_raised_only_where_every_burst_of_the_former_one_is_allowed(
    old: tuple[str, str], new: tuple[str, str], rule: str
) -> None:
    rates = [{"limits.rate.requests": n, "limits.rate.per": per} for n, per in (old, new)]
    (change,) = changes_between(*rates)
    assert change.rule == rule
    refused = Level.BREAKING if rule != "rate-raised" else Level.NONE
    assert change.verdicts.wire.old_client is refused


def test_a_longer_pause_shows_the_former_one_first() -> None:
    (change,) = changes_between({}, {"limits.pause.wait": "PT3S"})
    assert change.old is not None and change.new is not None
    assert (change.old.text, change.new.text) == ("PT2S", "PT3S")


def test_a_field_that_moves_to_a_renamed_record_is_no_change() -> None:
    found = changes_between({}, {"operations.list_readings.reply.record": "DocumentReading"})
    assert [c.rule for c in found] == ["record-renamed"]


def test_requests_and_replies_are_judged_oppositely() -> None:
    request, reply = (
        changes_between({}, {f"operations.list_readings.{place}.meterNo.size": "12"})[0].verdicts
        for place in ("request", "reply.fields")
    )
    assert request.wire.old_client is Level.BREAKING and reply.wire.old_client is Level.SAFE
    assert request.wire.new_client is Level.SAFE and reply.wire.new_client is Level.RISKY


def test_a_record_that_travels_both_ways_is_judged_for_each() -> None:
    both = {
        "records.SaveReply.fields.echo": {
            "name": "echo",
            "type": "record",
            "of": "NewReading",
            "required": "O",
            "at": "27",
        }
    }
    found = changes_between(both, both | {"records.NewReading.fields.remark.size": "30"})
    assert rules_of(found) == ["reply-size-grown", "request-size-grown"]


def test_nothing_is_felt_of_an_operation_that_only_an_example_shows() -> None:
    area = {"name": "area", "type": "text", "required": "M", "size": "4", "at": "87"}
    (change,) = changes_between({}, {"operations.list_meters.request.area": area | {"size": "2"}})[
        :1
    ]
    assert change.verdicts.wire.worst is change.verdicts.python is Level.NONE
    assert "only an example shows it" in change.note and change.callers == ""


def test_a_part_of_a_moved_value_that_is_shared_is_told_once() -> None:
    found = changes_between({}, {"codes.state.at": "23"})
    assert [(c.rule, c.place) for c in found] == [("lines-moved", "codes.state.at")]


def test_systems_come_and_go(tmp_path: Path) -> None:
    for side, names in (("old", ("a", "b")), ("new", ("b", "c"))):
        for name in names:
            folder = tmp_path / side / name
            folder.mkdir(parents=True)
            (folder / "interface.yaml").write_bytes(yaml_of({**base(), "system": name}))
    sides = understand_sides(folder_side(tmp_path / "old"), folder_side(tmp_path / "new"))
    found = compare_systems(sides.old, sides.new)
    assert [(c.rule, c.system) for c in found] == [("system-removed", "a"), ("system-added", "c")]
    assert sides.same == ("b",)


@pytest.mark.parametrize(
    ("patch", "bump"),
    [
        ({}, Bump.NONE),
        ({"operations.get_profile.at": "62-69"}, Bump.PATCH),
        ({METER + ".personal": "no"}, Bump.MINOR),
        ({METER + ".name": "meter"}, Bump.MAJOR),
    ],
)
def test_the_version_follows_from_what_callers_feel(patch: dict[str, Tree], bump: Bump) -> None:
    assert suggested_bump(changes_between({}, patch)) is bump


def test_levels_are_ordered() -> None:
    assert Level.NONE < Level.SAFE < Level.RISKY < Level.BREAKING
    assert worst(()) is Level.NONE


EXTRA: Tree = {"name": "extra", "en": "extra", "type": "text", "required": "O", "at": "26"}
AS_STORED: Tree = {
    "records.NewReading": "(as StoredReading)",
    "records.SaveBody.fields.reading.of": "StoredReading",
    "records.SaveBody.fields.many.of": "StoredReading",
}


def test_a_record_with_another_name_and_other_fields_is_known_by_what_holds_it() -> None:
    found = changes_between({}, AS_STORED | {"records.StoredReading.fields.extra": EXTRA})
    assert rules_of(found) == ["record-renamed", "request-field-added-optional"]


def test_a_code_list_with_another_name_and_other_codes_is_known_by_the_field() -> None:
    further = {"name": "further", "en": "further"}
    patch = {"codes.reason": "(as cause)", "records.NewReading.fields.reason.codes": "cause"}
    found = changes_between({}, patch | {"codes.cause.values.R3": further})
    assert rules_of(found) == ["code-list-renamed", "request-code-added"]


def test_a_record_that_is_sent_no_more_is_judged_as_what_is_received() -> None:
    echo = {"name": "echo", "type": "record", "of": "NewReading", "required": "O", "at": "27"}
    both = {"records.SaveReply.fields.echo": echo}
    sent = base()["records"]["NewReading"]
    new = {
        "records.Sent": sent,
        "records.SaveBody.fields.reading.of": "Sent",
        "records.SaveBody.fields.many.of": "Sent",
        "records.NewReading.fields.remark.required": "M",
    }
    rules = rules_of(changes_between(both, both | new))
    assert "reply-field-became-certain" in rules
    assert "request-field-became-required" not in rules


def test_what_everything_means_by_itself_is_the_same_for_clients() -> None:
    assert statuses._MEANT_EVERYWHERE == interface._MEANT_EVERYWHERE


def test_no_client_feels_the_name_of_a_server_that_none_can_name() -> None:
    found = changes_between({}, {"servers.old": "(as former)"})
    assert [change.verdicts.python for change in found] == [Level.NONE]
    sure = {"servers.old.confirmed": "yes"}
    found = changes_between(sure, sure | {"servers.old": "(as former)"})
    assert [change.verdicts.python for change in found] == [Level.BREAKING]
