"""A spec's text is hostile input: it comes out as text, or it is reported. Nothing in between."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from gridwright.diagnostics import Diagnostic
from gridwright.output import render
from gridwright.source import read_yaml
from gridwright.targets.pages import snippets

from .grammar_places import Text, free_texts, texts_of
from .output_files import check_files, page_text
from .support import (
    ROOT,
    Tree,
    bodies,
    files_of,
    full,
    full_amendments,
    put,
    rename,
    services,
    shown,
    soap,
    understood,
    yaml_of,
)

# What no text may hold.
REFUSED = {
    "nul": "a\0b",
    "escape": "\x1b[31mred",
    "delete": "a\x7f",
    "c1 control": "a\x85b",
    "half of a surrogate pair": "a\ud800b",
    "right-to-left override": "a\u202eb",
    "isolate": "a\u2066b\u2069",
    "noncharacter": "a\uffff",
}
# What any text may hold, and each output language understands otherwise.
TEXTS = {
    "quotes": '\'"\\\'\\"\'\'\'"""`\\`"""\\',
    "jinja": "{{ 7*7 }}{% raw %}{# c #}{{ ''.__class__ }}{% endraw %}",
    "formats": "{0} {name!r} {{x}} %s %(x)s ${HOME} $(id) `id` {hhmm}",
    "markup": "]]> --> <!-- x --> <script>alert(1)</script> &amp; &lt; <![CDATA[x]]> <?x ?>",
    "markdown": "```\n# h\n- [x](javascript:alert(1)) | a | ~~~ <img src=x onerror=1>\n***\n![x](y",
    "python": '\n    raise SystemExit(99)\n"""\nimport os\n# isort: skip_file\n# fmt: off\n',
    "import": "isort: off\nimport os\nfrom a import b",
    "keyword": "None",
    "scripts": "요금 料金 ค่าไฟ ücret İı é e\u0301 😀 \u3000x",
    "blanks": " a  b\tc\r\nd \u2028e",
    "long": "word " * 50 + "x" * 500,
    "sections": "Args:\n    x: y\n\nRaises:\n    SystemExit: z",
}
ALL_TEXTS = " ".join(text for name, text in TEXTS.items() if name != "long")

# Keys to which nothing else in their spec refers.
LOOSE = (
    ("operations", "list_readings", "request", "month"),
    ("records", "NewReading", "fields", "estimated"),
    ("envelopes", "result", "pairs", "fill", "clientIp"),
)
# Part of the language that is reported as not generated, whatever it holds.
NOT_GENERATED = (
    ".limits.*.from",
    ".limits.*.to",
    ".limits.*.field",
    # The names of fields that a walk fills and reads, in the forms of pages beside rows.
    "#operation.paging.page",
    "#operation.paging.offset",
    "#operation.paging.size",
    "#operation.paging.token",
    "#operation.paging.more",
    "#operation.paging.first",
    "#operation.paging.at_most",
)


def is_not_generated(rule: str) -> bool:
    return any(rule == name or rule.startswith((f"{name}.", f"{name}[")) for name in NOT_GENERATED)


def is_of_namespaces(rule: str) -> bool:
    """Say whether a text is of a namespace, which nothing but XML has."""
    return ".namespaces." in rule or rule.endswith(".namespace")


def without_namespaces(tree: Tree) -> Tree:
    """Return a spec without what it says of namespaces in XML."""
    if isinstance(tree, list):
        return [without_namespaces(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    kept = {key: value for key, value in tree.items() if key not in ("namespace", "namespaces")}
    return {key: without_namespaces(value) for key, value in kept.items()}


@dataclass(frozen=True)
class Subject:
    """A spec to be made hostile, with its amendments."""

    name: str
    tree: Tree
    amendments: Tree

    @cached_property
    def texts(self) -> list[Text]:
        """One text for each part of the grammar that allows one."""
        return one_of_each(self.tree)

    @cached_property
    def json_only(self) -> Tree:
        """The spec without XML, so that a wire name may be any text."""
        tree = self.tree
        if self.name == "soap":
            return tree  # it travels in XML alone
        for name, operation in tree["operations"].items():
            formats = [one for one in operation["formats"] if one != "xml"]
            tree = put(tree, ("operations", name, "formats"), formats or ["json"])
        for name, envelope in tree.get("envelopes", {}).items():
            if "header" in envelope:
                tree = put(tree, ("envelopes", name, "header", "formats"), ["json"])
        if self.name == "full":
            place = ("operations", "list_readings", "request", "returnType", "values")
            tree = put(tree, place, {"02": "json"})
        return without_namespaces(tree)

    @cached_property
    def open_texts(self) -> list[Text]:
        """The texts of the JSON spec that may be anything: nothing else refers to them."""
        return [
            text
            for text in self.texts
            # Nothing but XML has namespaces.
            if (self.name == "soap" or not is_of_namespaces(text.rule))
            and not self.problems(
                replaced(self.json_only, text, fitted(text.rule, ALL_TEXTS)), self.amendments
            )
        ]

    def problems(self, tree: Tree, amendments: Tree) -> tuple[Diagnostic, ...]:
        return understood(yaml_of(tree), yaml_of(amendments))[1]

    def written(self, rule: str, hostile: str) -> str:
        """Return the text that stands in the hostile spec for one part of the grammar."""
        number = next(n for n, text in enumerate(self.open_texts) if text.rule == rule)
        return fitted(rule, f"{hostile} {number}")

    def hostile(self, system: str, hostile: str) -> Tree:
        """Return the spec with every text that may be anything ``hostile``, with a number."""
        tree = put(self.json_only, ("system",), system)
        # Keys go last: until then each place has the name that it had.
        for text in sorted(self.open_texts, key=lambda text: text.is_key):
            tree = replaced(tree, text, self.written(text.rule, hostile))
        return tree


def one_of_each(tree: Tree, grammar: str = "interface") -> list[Text]:
    """Return one text for each part of the grammar that allows one."""
    found: dict[str, Text] = {}
    for text in texts_of(tree, grammar):
        if text.is_key and text.place in LOOSE:
            found[text.rule] = text
        found.setdefault(text.rule, text)
    return list(found.values())


def replaced(tree: Tree, text: Text, new: str) -> Tree:
    return rename(tree, text.place, new) if text.is_key else put(tree, text.place, new)


def fitted(rule: str, hostile: str) -> str:
    """Leave out what may not stand in a name of a JSON reply, and put in what a series needs."""
    if rule in (
        "#field.series.wire",
        "#operation.reply.beside.<key>",
        "#operation.reply.fields.<key>",
        "#operation.reply.list.element",
        ".envelopes.*.header.element",
        ".records.*.fields.<key>",
    ):
        hostile = re.sub(r'["\\\x00-\x1f]|{hhmm}', "'", hostile)
    return f"{hostile} {{hhmm}}" if rule == "#field.series.wire" else hostile


FULL = Subject("full", full(), full_amendments())
BODIES = Subject("bodies", bodies(), [])
SERVICES = Subject("services", services(), [])
SOAP = Subject("soap", soap(), [])
SUBJECTS = (FULL, BODIES, SERVICES, SOAP)
ALL_SPEC_TEXTS = [
    pytest.param(s, text, id=f"{s.name} {text}") for s in SUBJECTS for text in s.texts
]
AMENDMENT_TEXTS = one_of_each(FULL.amendments, "amendments")
# A package for each hostile text and each spec.
PACKAGES = [
    pytest.param(subject, number, id=f"{subject.name} {name}")
    for subject in SUBJECTS
    for number, name in enumerate(TEXTS)
]


@pytest.fixture
def unformatted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the slow last step; what it is given must be Python already."""
    for module in (render, snippets):
        monkeypatch.setattr(module, "format_python", lambda text: text)


def test_the_two_specs_hold_every_text_of_the_grammar_that_is_generated() -> None:
    wanted = {rule for rule in free_texts() if not is_not_generated(rule)}
    assert wanted == {text.rule for subject in SUBJECTS for text in subject.texts}
    assert free_texts("amendments") == {text.rule for text in AMENDMENT_TEXTS}


@pytest.mark.parametrize(("subject", "text"), ALL_SPEC_TEXTS)
@pytest.mark.usefixtures("unformatted")
def test_a_hostile_text_is_reported_or_stays_a_text(subject: Subject, text: Text) -> None:
    amendments = yaml_of(subject.amendments)
    outcome_is_sound(yaml_of(replaced(subject.tree, text, ALL_TEXTS)), amendments)
    has_it = subject.name == "soap" or not is_of_namespaces(text.rule)
    if has_it and (text.is_key or text.rule.endswith(".element")):
        outcome_is_sound(yaml_of(replaced(subject.json_only, text, ALL_TEXTS)), amendments)


@pytest.mark.parametrize("text", AMENDMENT_TEXTS, ids=str)
@pytest.mark.usefixtures("unformatted")
def test_a_hostile_text_of_an_amendment_is_reported_or_stays_a_text(text: Text) -> None:
    spoilt = replaced(FULL.amendments, text, ALL_TEXTS)
    outcome_is_sound(yaml_of(FULL.tree), yaml_of(spoilt))


def outcome_is_sound(spec: bytes, amendments: bytes) -> None:
    interface, problems = understood(spec, amendments)
    if problems:
        assert_printable(problems)
        return
    assert interface is not None
    check_files(files_of(interface))


def assert_printable(problems: tuple[Diagnostic, ...]) -> None:
    for line in shown(problems).splitlines():
        assert line.isprintable()


@pytest.mark.parametrize("refused", REFUSED.values(), ids=list(REFUSED))
@pytest.mark.parametrize(
    "tree", [FULL.tree, FULL.amendments, BODIES.tree], ids=["full", "amendments", "bodies"]
)
def test_a_character_that_is_no_text_is_refused_in_every_value_and_key(
    tree: Tree, refused: str
) -> None:
    spoilt, count = spoil(tree, refused)
    problems = read_yaml(yaml_of(spoilt), "spec.yaml")[1]
    assert [problem.code for problem in problems] == ["hidden-character"] * count
    assert_printable(tuple(problems))


def spoil(tree: Tree, refused: str) -> tuple[Tree, int]:
    """Put a character into each text and key of a tree, and count them."""
    if isinstance(tree, str):
        return tree + refused, 1
    if isinstance(tree, list):
        items = [spoil(item, refused) for item in tree]
        return [item for item, _ in items], sum(count for _, count in items)
    entries = {key + refused: spoil(value, refused) for key, value in tree.items()}
    return (
        {key: value for key, (value, _) in entries.items()},
        sum(1 + count for _, count in entries.values()),
    )


def test_nearly_every_text_of_the_grammar_may_be_anything() -> None:
    bound = {
        subject.name: {text.rule for text in subject.texts if text not in subject.open_texts}
        for subject in SUBJECTS
    }
    assert bound == {
        "full": {
            "#field.instant.until",
            "#field.default",
            "#csv.encoding",
            "#csv.end",
            "#csv.heading",
            "#csv.ignore[]",
            "#csv.rows",
            "#csv.separator",
            "#csv.skip",
            "#field.encoding",
            "#field.format",
            "#field.keyed_by",
            "#field.matches",
            "#field.namespace",
            "#field.of",
            "#field.pattern",
            "#field.required",
            "#field.series.day",
            "#field.series.first",
            "#field.series.last",
            "#field.series.quality",
            "#field.size",
            "#field.unit",
            "#field.zone",
            "#operation.address.text",
            "#operation.harvest.corrected",
            "#operation.harvest.each.argument",
            "#operation.harvest.each.field",
            "#operation.harvest.history",
            "#operation.harvest.published",
            "#operation.harvest.window.field",
            "#operation.harvest.window.from",
            "#operation.harvest.window.step",
            "#operation.harvest.window.to",
            "#operation.reply.item.namespace",
            "#operation.reply.list.keyed_by",
            "#operation.reply.list.namespace",
            "#operation.reply.list.verdict",
            "#operation.reply.namespace",
            "#operation.reply.of",
            "#operation.reply.root.namespace",
            "#operation.reply.zone",
            "#path",
            ".codes.*.values.<key>",
            ".conventions.character_encoding.name",
            ".conventions.namespaces.*.en",
            ".conventions.namespaces.*.is",
            ".conventions.namespaces.<key>",
            ".conventions.required_marks.<key>",
            ".conventions.time_zone.name",
            ".conventions.time_zone.names.*",
            ".credentials.*.matches",
            ".envelopes.*.code",
            ".envelopes.*.consent.format",
            ".envelopes.*.header.fields.<key>",
            ".envelopes.*.header.namespace",
            ".envelopes.*.message",
            ".envelopes.*.success.<key>",
            ".records.*.fields.<key>",
            ".records.*.zone",
            ".records.<key>",
            ".servers.*.address",
            ".units.*.is",
            ".units.<key>",
        },
        "bodies": {
            "#operation.rules[].values[]",
            "#operation.rules[].when.*[]",
            "#field.format",
            "#field.of",
            "#field.required",
            "#field.size",
            "#field.unit",
            "#operation.address.text",
            "#operation.body.arguments",
            "#operation.body.of",
            "#operation.paging.begin",
            "#operation.paging.end",
            "#operation.paging.page_size",
            "#operation.paging.records",
            "#operation.reconcile.by[]",
            "#operation.reconcile.standing.<key>",
            "#operation.reply.of",
            "#operation.request.<key>",
            "#operation.rules[].field",
            "#operation.rules[].fields[]",
            "#operation.rules[].when.<key>",
            "#path",
            ".auth.present.*.value",
            ".auth.present.<key>",
            ".auth.steps[].renew_when[]",
            ".auth.steps[].success_status",
            ".conventions.namespaces.*.is",
            ".conventions.namespaces.<key>",
            ".conventions.required_marks.<key>",
            ".conventions.time_zone.name",
            ".envelopes.*.cases[].contains.<key>",
            ".envelopes.*.cases[].when.<key>",
            ".envelopes.*.code",
            ".envelopes.*.header.fields.<key>",
            ".envelopes.*.identity",
            ".envelopes.*.kinds.field",
            ".envelopes.*.language.default",
            ".envelopes.*.language.values[]",
            ".envelopes.*.message",
            ".envelopes.*.pairs.field",
            ".envelopes.*.pairs.key",
            ".envelopes.*.pairs.value",
            ".envelopes.*.payload.element",
            ".envelopes.*.payload.namespace",
            ".envelopes.*.success.<key>",
            ".records.<key>",
            ".servers.*.address",
        },
        "services": {
            "#operation.rules[].when.*[]",
            "#field.format",
            "#field.instant.end",
            "#field.instant.start",
            "#field.of",
            "#field.required",
            "#field.size",
            "#field.unit",
            "#operation.address.text",
            "#operation.body.of",
            "#operation.reply.of",
            "#operation.reply.variants[].of",
            "#operation.reply.variants[].when.<key>",
            "#operation.request.<key>",
            "#operation.rules[].fields[]",
            "#operation.rules[].when.<key>",
            "#statuses.*.breaks",
            ".auth.present.*.value",
            ".auth.present.<key>",
            ".auth.steps[].address",
            ".auth.steps[].path.<key>",
            ".auth.steps[].renew.address",
            ".auth.steps[].renew.path.<key>",
            ".auth.steps[].renew.send.*",
            ".auth.steps[].renew.success_status",
            ".auth.steps[].renew_when[]",
            ".auth.steps[].success_status",
            ".conventions.required_marks.<key>",
            ".conventions.time_zone.name",
            ".envelopes.*.cases[].breaks",
            ".envelopes.*.cases[].when.<key>",
            ".envelopes.*.code",
            ".envelopes.*.errors.*.breaks",
            ".envelopes.*.header.fields.<key>",
            ".envelopes.*.message",
            ".envelopes.*.success.<key>",
            ".limits.*.at_most",
            ".limits.*.requests",
            ".limits.*.same",
            ".limits.*.zone",
            ".records.*.extends",
            ".records.*.filler.<key>",
            ".records.<key>",
            ".servers.*.address",
        },
        "soap": {
            "#field.format",
            "#field.of",
            "#field.required",
            "#field.size",
            "#field.unit",
            "#operation.action",
            "#operation.address.text",
            "#operation.body.of",
            "#operation.body.root.element",
            "#operation.body.root.namespace",
            "#operation.reply.of",
            "#operation.reply.root.element",
            "#operation.reply.variants[].of",
            "#operation.reply.variants[].when.<key>",
            "#soap_fields.*.format",
            "#soap_fields.*.size",
            "#soap_fields.<key>",
            ".conventions.namespaces.*.is",
            ".conventions.namespaces.<key>",
            ".conventions.required_marks.<key>",
            ".conventions.time_zone.name",
            ".records.*.extends",
            ".records.*.namespace",
            ".records.<key>",
            ".servers.*.address",
            ".soap.header.element",
            ".soap.header.namespace",
            ".soap.headers.*.namespace",
            ".soap.headers.<key>",
            ".soap.namespace",
        },
    }


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate one package for each hostile text and spec, all of it hostile at once."""
    out = tmp_path_factory.mktemp("hostile")
    for subject in SUBJECTS:
        for number, hostile in enumerate(TEXTS.values()):
            amendments = [
                put(put(item, ("finding",), hostile), ("ruling",), hostile)
                for item in subject.amendments
                if item["id"] != "time-renamed"
            ]
            tree = subject.hostile(f"{subject.name}{number}", hostile)
            interface, problems = understood(yaml_of(tree), yaml_of(amendments))
            assert interface is not None and not problems, shown(problems)
            for path, text in files_of(interface, package="apis").items():
                target = out / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(text.encode())
    return out


FACTS = """
import importlib, json, pkgutil
import apis
facts = {}
for system in sorted(module.name for module in pkgutil.iter_modules(apis.__path__)):
    package = importlib.import_module(f"apis.{system}")
    modules = {
        module.name: importlib.import_module(f"apis.{system}.{module.name}")
        for module in pkgutil.iter_modules(package.__path__)
    }
    operations = modules["operations"]
    fact = {"package_doc": package.__doc__}
    if system.startswith("full"):
        operation = operations.LIST_READINGS
        fact |= {
            "list": operation.reply.payload[0],
            "parameters": [part.wire for part in operation.request.parts],
            "errors": [meaning.gloss for meaning in operation.verdict.errors.values()],
            "header": operation.verdict.under[0],
            "consent": operation.verdict.consent.sentence,
            "consent_pattern": operation.verdict.consent.date_pattern,
            "fields": modules["models"].DayReading.__struct_encode_fields__,
            "labels": list(modules["codes"].YES_NO.values()),
            "record_doc": modules["models"].DayReading.__doc__,
            "method_doc": modules["client"].Client.list_readings.__doc__,
        }
    elif system.startswith("services"):
        operation = operations.APPLY
        fact |= {
            "glosses": [meaning.gloss for meaning in operations.STATUSES.values()],
            "provisional": [item.label for item in operation.request.provisional],
            "fields": modules["models"].Lamp.__struct_encode_fields__,
            "filler": list(modules["models"].Lamp.__filler__.values()),
            "never": [text for step in operations.SYSTEM.steps for text in step.never],
            "labels": list(modules["codes"].KIND.values()),
            "record_doc": modules["models"].Application.__doc__,
            "method_doc": modules["client"].Client.apply.__doc__,
        }
    elif system.startswith("soap"):
        operation = operations.GET_STATUS
        fact |= {
            "provisional": [item.label for item in operation.request.provisional],
            "labels": list(modules["codes"].KIND.values()),
            "record_doc": modules["models"].StatusQuery.__doc__,
            "method_doc": modules["client"].Client.get_status.__doc__,
        }
    else:
        operation = operations.SAVE_READINGS
        fact |= {
            "pairs": [part.wire for part in operation.request.parts if part.pair],
            "labels": list(modules["codes"].RESULT_TYPE.values()),
            "record_doc": modules["models"].HeaderPair.__doc__,
            "method_doc": modules["client"].Client.save_readings.__doc__,
        }
    facts[system] = fact | {"wire_name": operation.wire_name}
print(json.dumps(facts))
"""


@pytest.fixture(scope="module")
def facts(packages: Path) -> dict[str, dict[str, Any]]:
    """Import every package in a process of its own, and return what it holds."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FACTS],
        env={**os.environ, "PYTHONPATH": f"{packages}{os.pathsep}{ROOT / 'runtime'}"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.mark.xdist_group("hostile")
@pytest.mark.parametrize(("subject", "number"), PACKAGES)
def test_wire_names_and_labels_reach_the_package_byte_for_byte(
    facts: dict[str, dict[str, Any]], subject: Subject, number: int
) -> None:
    fact, hostile = facts[f"{subject.name}{number}"], list(TEXTS.values())[number]

    def written(rule: str) -> str:
        return subject.written(rule, hostile)

    assert fact["wire_name"] == written("#operation.wire_name")
    assert written(".codes.*.values.*.label") in fact["labels"]
    if subject is BODIES:
        assert written(".envelopes.*.pairs.fill.<key>") in fact["pairs"]
        return
    if subject is SERVICES:
        assert written("#statuses.*.en") in fact["glosses"]
        assert written(".auth.steps[].never[]") in fact["never"]
    if subject in (SERVICES, SOAP):
        return
    assert fact["list"] == written("#operation.reply.list.element")
    assert fact["header"] == written(".envelopes.*.header.element")
    assert written("#operation.request.<key>") in fact["parameters"]
    assert written("#operation.reply.fields.<key>") in fact["fields"]
    assert written("#field.series.wire").replace("{hhmm}", "0600") in fact["fields"]
    assert written(".envelopes.*.errors.*.en") in fact["errors"]


@pytest.mark.xdist_group("hostile")
@pytest.mark.parametrize("number", range(len(TEXTS)), ids=list(TEXTS))
def test_a_refusal_is_recognized_by_its_words_and_by_nothing_else(
    facts: dict[str, dict[str, Any]], number: int
) -> None:
    fact, hostile = facts[f"full{number}"], list(TEXTS.values())[number]
    assert fact["consent"] == FULL.written(".envelopes.*.consent.sentence", hostile)
    before = FULL.written(".envelopes.*.consent.date_after", hostile)
    found = re.search(fact["consent_pattern"], f"... {before}\n 20241001.")
    assert found is not None and found[1] == "20241001"
    assert re.search(fact["consent_pattern"], "20241001") is None


@pytest.mark.xdist_group("hostile")
@pytest.mark.parametrize(("subject", "number"), PACKAGES)
def test_docstrings_hold_the_words_of_the_spec(
    facts: dict[str, dict[str, Any]], subject: Subject, number: int
) -> None:
    fact, hostile = facts[f"{subject.name}{number}"], list(TEXTS.values())[number]
    record = "#operation.reply.record_en" if subject is FULL else ".records.*.en"
    method = "#operation.description_en" if subject is FULL else "#operation.en"
    for doc, rule in (("package", "#titled.en"), ("record", record), ("method", method)):
        words = subject.written(rule, hostile).split()
        assert [word for word in words if word.strip(".") not in fact[f"{doc}_doc"]] == []


@pytest.mark.xdist_group("hostile")
def test_the_strict_type_checker_accepts_every_package(
    packages: Path, pytestconfig: pytest.Config
) -> None:
    cache_folder = pytestconfig.cache.mkdir("mypy") if pytestconfig.cache else packages / "mypy"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--no-error-summary"),
            *("--namespace-packages", "--explicit-package-bases"),
            *("--config-file=", "--cache-dir", str(cache_folder), "apis"),
        ],
        cwd=packages,
        env={**os.environ, "MYPYPATH": str(ROOT / "runtime")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout + done.stderr == ""


# By spec: an operation, and what further pages show.
SHOWN: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "full": (
        "list_readings",
        [
            ("OPERATION", "#field.note"),
            ("README", ".document.facts.*.text"),
            ("README", ".document.revisions.<key>"),
        ],
    ),
    "bodies": (
        "save_readings",
        [
            ("OPERATION", "#field.note"),
            ("README", ".envelopes.*.kinds.values.*.en"),
            ("README", ".auth.steps[].en"),
        ],
    ),
    "services": (
        "apply",
        [
            ("OPERATION", "#field.note"),
            ("OPERATION", "#operation.reply.variants[].en"),
            ("OPERATION", ".limits.*.en"),
            ("README", ".limits.*.en"),
            ("README", "#statuses.*.label"),
            ("README", ".auth.steps[].en"),
        ],
    ),
    "soap": (
        "get_status",
        [
            ("README", "#soap_fields.*.label"),
            ("README", "#soap_fields.*.en"),
        ],
    ),
}


@pytest.mark.xdist_group("hostile")
@pytest.mark.parametrize(("subject", "number"), PACKAGES)
def test_schemas_and_pages_hold_the_text_as_text(
    packages: Path, subject: Subject, number: int
) -> None:
    hostile, system = list(TEXTS.values())[number], f"{subject.name}{number}"
    files = {
        path.relative_to(packages).as_posix(): path.read_bytes().decode()
        for path in sorted(packages.rglob("*"))
        if path.is_file() and f"/{system}/" in path.as_posix()
    }
    check_files({path: text for path, text in files.items() if "/apis/" not in path})
    operation, further = SHOWN[subject.name]
    if subject in (FULL, BODIES):
        schema = json.loads(files[f"schemas/{system}/{operation}.reply.schema.json"])
        assert subject.written("#operation.wire_name", hostile) in schema["title"]
    if subject is FULL:
        record = schema["$defs"]["DayReading"]
        assert subject.written("#operation.reply.list.element", hostile) in schema["properties"]
        assert subject.written("#operation.reply.fields.<key>", hostile) in record["properties"]
    pages = [
        ("README", "#titled.text"),
        (operation, "#operation.en"),
        ("codes", ".codes.*.values.*.en"),
        *((page.replace("OPERATION", operation), rule) for page, rule in further),
    ]
    for page, rule in pages:
        text = " ".join(subject.written(rule, hostile).split())
        assert text in page_text(files[f"docs/{system}/{page}.md"]), rule
    if subject.amendments:
        assert " ".join(hostile.split()) in page_text(files[f"docs/{system}/amendments.md"])


SPEC, AMENDMENTS = FULL.tree, FULL.amendments
NAMES: dict[str, Callable[[Tree, str], Tree]] = {
    "system": lambda tree, name: put(tree, ("system",), name),
    "operation": lambda tree, name: rename(tree, ("operations", "save_setting"), name),
    "field": lambda tree, name: put(
        tree,
        ("operations", "list_readings", "reply", "fields", "token", "name"),
        name,
    ),
    "parameter": lambda tree, name: put(
        tree, ("operations", "list_readings", "request", "pages", "name"), name
    ),
    "credential": lambda tree, name: put(
        rename(tree, ("credentials", "account"), name),
        ("operations", "list_readings", "request", "account", "credential"),
        name,
    ),
    "code list": lambda tree, name: put(
        put(
            rename(tree, ("codes", "kind"), name),
            ("operations", "list_readings", "request", "kind", "codes"),
            name,
        ),
        ("operations", "list_readings", "reply", "fields", "kind", "codes"),
        name,
    ),
    "code": lambda tree, name: put(tree, ("codes", "kind", "values", "02", "name"), name),
    "record": lambda tree, name: put(
        tree, ("operations", "list_readings", "reply", "record"), name
    ),
    "environment": lambda tree, name: put(tree, ("credentials", "api_key", "environment"), name),
    "amendment": lambda tree, name: tree,
}
BAD_NAMES = (
    "", " ", "a b", "a-b", "a.b", "9a", "_a", "__class__", "a\n", "a\nimport os", "a;b", "a'b",
    'a"b', "a)b", "한글", "ａ", "ı", "A_B", "x" * 3 + "\u200b", "$(id)", "../a", "{{ a }}",
)  # fmt: skip


@pytest.mark.parametrize("what", [what for what in NAMES if what != "amendment"])
@pytest.mark.parametrize("name", BAD_NAMES, ids=ascii)
def test_a_name_of_ours_is_taken_from_an_allow_list(what: str, name: str) -> None:
    if (what, name) == ("environment", "A_B"):
        return
    problems = understood(yaml_of(NAMES[what](SPEC, name)), yaml_of(AMENDMENTS))[1]
    codes = {problem.code for problem in problems}
    assert codes & {"malformed-value", "malformed-key"}
    assert_printable(problems)


@pytest.mark.parametrize("name", BAD_NAMES, ids=ascii)
def test_an_id_of_an_amendment_is_taken_from_an_allow_list(name: str) -> None:
    if name in ("a-b", "9a"):
        return
    problems = understood(yaml_of(SPEC), yaml_of(put(AMENDMENTS, (0, "id"), name)))[1]
    assert "malformed-value" in {problem.code for problem in problems}


@pytest.mark.parametrize("name", ["class", "import", "match", "type", "none", "lambda", "async"])
@pytest.mark.parametrize(
    "what", ["operation", "field", "parameter", "credential", "code", "system"]
)
@pytest.mark.usefixtures("unformatted")
def test_a_word_of_python_as_a_name_is_reported_or_harmless(what: str, name: str) -> None:
    outcome_is_sound(yaml_of(NAMES[what](SPEC, name)), yaml_of(AMENDMENTS))


@pytest.mark.parametrize(
    "address",
    [
        'https://a.example/"', "https://a.example/a b",
        "https://a.example/\nHost: b", "https://user:word@a.example", "https://a.example?x=1",
        "https://a.example/#x", "javascript:alert(1)", "file:///etc/passwd", "https://",
        "https:///a", "https://a.example:port", "https://[::1", "https://한글.example",
        "https://a.example/{{ x }}",
    ],
)  # fmt: skip
def test_an_address_of_a_server_is_an_address_and_nothing_more(address: str) -> None:
    tree = put(SPEC, ("servers", "production", "address"), address)
    problems = understood(yaml_of(tree), yaml_of(AMENDMENTS))[1]
    assert "not-an-address" in {problem.code for problem in problems}


@pytest.mark.parametrize("odd", ["'\"", " ", "\n", "?a=b", "#a", "{", "}", "<a", "\\", "한"])
def test_an_address_of_an_operation_holds_nothing_that_a_path_cannot(odd: str) -> None:
    tree = put(SPEC, ("operations", "save_setting", "address", "text"), f"/settings{odd}")
    problems = understood(yaml_of(tree), yaml_of(AMENDMENTS))[1]
    assert "not-an-address" in {problem.code for problem in problems}
