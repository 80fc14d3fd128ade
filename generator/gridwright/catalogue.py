"""Every diagnostic code: what it means, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gridwright.laws import LAWS

__all__ = ["CATALOGUE", "Explanation", "catalogue_page"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What one code means, and what the author of a spec does about it; both one sentence."""

    means: str
    do: str


_WRITTEN: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    ("The text of a file", (
        ("not-utf8", "A file is not UTF-8 text from some byte on.", "Save it as UTF-8."),
        ("empty-file", "A spec holds nothing but blanks and comments.",
         "Start with `gridwright new SYSTEM`, or remove the file."),
        ("yaml-syntax", "The text is not YAML, or is nested deeper than any spec needs.",
         "Mend quotes, brackets or indentation at the place, which is where reading stopped."),
        ("yaml-documents", "A second document starts in one file.", "Keep one document in a file."),
        ("yaml-anchor", "An anchor, an alias or a merge key hides what stands at a place.",
         "Write each value out where it belongs: a reviewer reads the place, not the anchor."),
        ("yaml-tag", "A tag asks for another type than text.",
         "Remove the tag: every scalar of a spec is text."),
        ("key-not-text", "The key of a mapping is a list or a mapping.",
         "Write the key as one text."),
        ("duplicate-key", "One mapping has a key twice.",
         "Remove one of them; the help line names the first."),
        ("hidden-character",
         "A bidirectional mark, a control character or half of a surrogate pair stands in a text "
         "or a comment, so that a reviewer reads something else than a machine.",
         "Remove the character."),
    )),
    ("The grammar", (
        ("unknown-key", "The language has no such key at this place.",
         "Take the key that the help line names; each mapping's keys are listed in "
         "`language/interface.schema.json`."),
        ("missing-key", "A key that the language demands is not there.", "Add it."),
        ("unknown-word", "A value is none of the words that may stand there.",
         "Take one of the words that the help line names."),
        ("malformed-value", "A value does not have the form that its key demands.",
         "Write it in that form, such as `PT15M` for a duration or `61-72` for lines."),
        ("malformed-key", "A key that becomes a name of ours is no such name.",
         "Use lower-case words joined by underscores; a class name for a record."),
        ("wrong-shape", "A text stands where a list or a mapping belongs, or the other way round.",
         "Write the shape that the help line names."),
        ("empty-value", "A list or a mapping is empty.", "Fill it, or leave the key out."),
    )),
    ("Files and folders of specs", (
        ("no-such-system", "There is no `interface.yaml` of the system.",
         "Name one that exists, or start one with `gridwright new`."),
        ("wrong-folder", "The folder is not called after the `system:` in it.",
         "Give both the same name."),
    )),
    ("Amendments", (
        ("amendment-path", "A path of an amendment leads nowhere in the transcription.",
         "Write the path in the names of `interface.yaml`; put a key that holds a dot, a blank or "
         "a quote in double quotes."),
        ("amendment-printed",
         "The spec does not hold the value that an amendment says is printed there.",
         "Read the document's new edition at that place, and decide anew."),
        ("amendment-not-absent",
         "An amendment adds or renames a key, and the name is taken already.",
         "Use `printed:` to replace what stands there, or choose another name."),
        ("amendment-conflict", "Two amendments patch one place, or one inside the other.",
         "Merge the two rulings into one amendment."),
        ("amendment-evidence", "An erratum cites no line, or an observation no field note.",
         "Add `at:` or `evidence:`."),
        ("duplicate-amendment", "Two amendments have one id.", "Rename one of them."),
    )),
    ("Citations", (
        ("missing-citation", "A fact does not say where it comes from.",
         "Add `at:` with the document's line, or a reason: `inferred:`, `assumed:` or "
         "`observed:`."),
        ("backward-lines", "A range of lines ends before it starts.", "Swap the two numbers."),
        ("no-document", "The document's text is not in the folder given by `--documents`.",
         "Put it there under the name in `document: {file: …}`, or leave the option out."),
        ("literal-off-line", "A quoted text does not stand on the line that is cited for it.",
         "Correct the line or the text; what the document misprints is corrected by an erratum."),
    )),
    ("The document's lines", (
        ("uncited-line", "A line of the document is neither cited by a fact nor dismissed.",
         "Transcribe what it says, with `at:`, or dismiss it with a reason in `lines.yaml`."),
        ("document-changed", "A line of the document at hand is not the one that was recorded.",
         "Run `gridwright trace --edition` with the text at hand, and go through what it lists."),
        ("no-hashes", "No hashes of the document's lines are recorded.",
         "Run `gridwright trace --record --documents DIR`."),
        ("no-such-line", "A citation names a line beyond the end of the document.",
         "Cite a line of the document."),
        ("dismissal-form", "A dismissal has neither `at:` nor `like:`, or both.",
         "Write `at:` for lines, or `like:` for a line that stands for all with its text."),
        ("dismissed-and-cited", "A line is dismissed, though a fact cites it.",
         "Take it out of the dismissal, or out of the citation."),
        ("idle-dismissal", "A dismissal has no effect, or repeats another.", "Remove it."),
        ("withheld-hash",
         "A line that is withheld has a hash, by which its text can be guessed; or a line has none "
         "without being withheld.",
         "Take the hash out of the file and its history, and run `gridwright trace --record`."),
        ("malformed-hash", "What stands for a line of the document is no hash.",
         "Let `gridwright trace --record` write the hashes."),
        ("unsettled-line", "A fact still cites a line of a former edition, or the note of one that "
         "does is out of date.",
         "Correct the fact by the new edition, then remove the entry under `unsettled:`."),
    )),
    ("Names", (
        ("name-collision", "Two things of a spec would have one name in generated code.",
         "Rename one of them."),
        ("wire-collision",
         "Two fields of one message have the same wire name, or two SOAP messages one element.",
         "Remove one, or correct a misprint by an erratum."),
        ("reserved-name", "A name is a word of Python, or taken by generated code.",
         "Choose another name."),
        ("empty-wire-name", "A wire name is empty.",
         "Write it as printed, or `wire: undocumented` where the document gives none."),
        ("wire-not-xml", "A wire name cannot be the name of an XML element, and XML is offered.",
         "Correct the name by an erratum, or leave xml out of `formats:`."),
        ("wire-not-json",
         "A wire name of a reply holds a character that the decoder of JSON cannot match.",
         "Correct the name by an erratum."),
        ("wire-not-csv", "A name of a column cannot be written in the encoding of the table.",
         "Correct the name or the encoding by an erratum."),
        ("wire-not-header", "A wire name cannot be the name of an HTTP header.",
         "Correct the name by an erratum, or say where the value travels by `in:`."),
        ("unknown-record", "No record has this name.", "Take a name declared under `records:`."),
        ("impossible-value", "A default, or a value of a rule, cannot be a value of its field: no "
         "code of its list, out of its range, or not written so.",
         "Write a value that the field can have."),
        ("unit-contradicts-name", "The name of a field ends in another unit than the field has.",
         "Correct the unit or the name: who reads the name takes the value for that unit."),
        ("unknown-codes", "No code list has this name.", "Declare it under `codes:`."),
        ("unknown-credential", "No credential has this name.", "Declare it under `credentials:`."),
        ("credential-as-text", "A text that is sent is the name of a credential, which nothing "
         "else carries.", "Write `credential.NAME`, or call the credential otherwise."),
        ("unknown-step", "A login sends what no earlier step has got.",
         "Take the name of an earlier step."),
        ("unknown-envelope", "No envelope has this name.", "Declare it under `envelopes:`."),
        ("status-contradicts", "A status that HTTP has for no success is listed as one, or the "
         "one with which an operation succeeds as a failure.",
         "Say which error it is; or list the status of success at the operation."),
        ("verdict-without-test", "An envelope has nothing that tells success from failure.",
         "Add `success:`, `cases:`, `errors:` or `kinds:`."),
        ("hidden-case", "A case, or a code, is never asked: a case before it holds wherever it "
         "does.",
         "Put the case that asks for more first, or remove one of the two."),
        ("unknown-operation", "No operation has this name.", "Take a key of `operations:`."),
        ("limit-of-nothing", "A limit excepts every operation, or counts logins where there are "
         "none.",
         "Name what it counts: operations, or `operations: logins`."),
        ("unknown-server", "An operation's address belongs to no server.",
         "Declare the server, or write a path that starts with /."),
        ("unknown-field",
         "A series, an envelope, a rule, an echo or a sample names no field that exists.",
         "Take the wire name of a field of the same message; for a sample, the name of an "
         "argument."),
        ("wrong-field", "A field is named, or placed, where one of another type belongs.",
         "Name the field that holds the day, the time or the reading; the header of an envelope "
         "is text."),
        ("unused", "Nothing uses a code list or an envelope.", "Use it, or remove it."),
        ("record-mismatch", "Two operations describe one record differently.",
         "Give the record of one another name, or correct a misprint by an erratum."),
        ("missing-record", "A reply has no record.",
         "Add `record:` with a class name, and `fields:`; or `of:` with a shared record."),
    )),
    ("Types", (
        ("missing-type", "A field has no type.", "Add `type:`."),
        ("missing-codes", "A code has no list.",
         "Add `codes:`, or say `type: text` where the document lists no values."),
        ("not-a-size", "A size is no number, or one beyond what can be generated.",
         "Write digits, or `\"14,4\"` for digits and decimals; keep a misprint and correct it by "
         "an erratum."),
        ("empty-range", "A length, a count or a range holds no size and no number.",
         "Write the smaller one first, and sizes above zero."),
        ("facts-disagree", "No value keeps all that is said of a field: its size, length, form "
         "and range.",
         "Correct one of them by an erratum, or keep what is printed alone."),
        ("refused-expression", "A regular expression is none, is one that Python, JSON Schema and "
         "XSD do not read alike, or may take for ever.",
         "Write it in the part of the language that "
         "[fields](language/fields.md#what-a-value-may-be) lists."),
        ("json-kind-does-not-fit", "JSON cannot have a text, a number or a boolean in the place of "
         "a value.",
         "Remove `json:`, or correct the type or the codes: only whole numbers without zeros in "
         "front are numbers, and only true and false are booleans."),
        ("json-kind-without-json", "A field says what JSON has in its place, and travels in none.",
         "Remove `json:`, or say `request_media: json`, or json among the `formats`."),
        ("code-too-long", "A code does not fit the size of its field.",
         "Correct the size or the code by an erratum."),
        ("unknown-format", "The pattern of a date or time is not known.",
         "Write it in the letters that the help line names; by `pattern:`, where the document "
         "prints others."),
        ("ambiguous-format", "The pattern of a date or time can be read in two ways.",
         "Keep what is printed under `format:`, and say by `pattern:` which way it is meant."),
        ("format-does-not-fit", "The pattern belongs to another type.", "Correct the type."),
        ("format-without-time", "A field that is no date or time has a pattern.",
         "Say `type: date`, or write the remark under `note:`."),
        ("size-contradicts-format", "The size is not the length of the pattern.",
         "Correct one of them by an erratum."),
        ("unknown-unit", "A unit is not composed of known factors.",
         "Write the factors as the language does, or declare the unit under `units:`."),
        ("unknown-namespace", "A prefix stands for no namespace.",
         "Declare it: `conventions: {namespaces: {bm: {is: …, at: …}}}`, or correct the prefix."),
        ("unit-not-free", "A declared unit has the name of a known one, or no name at all.",
         "Give it a name of letters that is no known unit."),
        ("unknown-encoding", "The encoding of a text is not known.",
         "Use a name that Python knows, such as euc-kr."),
        ("unknown-zone", "The time zone is not known.", "Use an IANA name such as Asia/Seoul."),
        ("unknown-required-mark",
         "A mark of the column \"required\" is not among the conventions.",
         "Declare it under `required_marks:`, or correct a misprint by an erratum."),
        ("secret-default", "A secret has a default value.",
         "Remove it: a secret never stands in a spec."),
        ("series-without-label", "The wire name of a series has not one place for the label.",
         "Write `{hhmm}` once, where the label stands, or `{n}` for the number of a position."),
        ("series-step", "A series does not go from its first label to its last in its steps.",
         "Correct the first label, the last label or the step."),
        ("not-a-label", "A label is no time of the day, and no number.",
         "Write hours and minutes, `0000` to `2400`, or the number of a position."),
        ("not-a-step", "A step is not whole minutes of a day.", "Write it such as `PT15M`."),
        ("not-a-unit-of-time", "A duration has a unit that is no unit of time.",
         "Write `unit: s`, `min` or `h` for a number; leave it out for a duration of ISO 8601."),
        ("interval-without-form", "What says the interval of a value is none of the eight forms.",
         "Say day and time, day and position, start and position, start and end, start and step, "
         "end and step, or month."),
        ("interval-without-step", "Nothing says how long an interval is.",
         "Add `step:` with a length such as PT15M, or the field that holds it."),
        ("label-too-coarse",
         "The intervals of a value are shorter than what labels them can say: several are one.",
         "Write the step that one label stands for or, where a further field counts the parts of "
         "an hour, name it by `position:` beside `day:` and `time:`."),
        ("label-too-fine",
         "A position counts the parts of an hour, and the label beside it says more than its hour.",
         "Write a pattern of hours alone at the label, such as `H`, or leave `position:` out."),
        ("contradictory-marks",
         "One label marks the start of the interval of one value, and the end of that of another.",
         "Write one `label_marks:` for both, as the document says; or name another label, or write "
         "`undecided` where the document leaves it open."),
        ("word-without-use",
         "A word says nothing of the interval, or of the way to ask for a page, that is described.",
         "Leave it out, or add what it needs."),
        ("order-without-list", "Values count by their order, and there is no list that has one.",
         "Put them into a list of the record that says their start, or number them by a field."),
        ("positions-of-two-lists",
         "Positions count through several lists, and each list says something of its own.",
         "Name a field beside the start, or beside the value."),
        ("always-missing",
         "What every client reads as a missing value is not among the forms of "
         "`conventions.missing`: the empty text and null in JSON, the empty element in XML.",
         "Add the form. What the document says of it stands in `document.facts`."),
        ("misplaced-key", "A key means nothing at such a field, or at such a limit.",
         "Remove the key: `in`, `credential`, `selects` and `values` belong to requests; `also`, "
         "`echoes`, `presence`, `series` and `instant` to replies; `same` to limits of kind "
         "`rate`, `quota` and `spacing`, `penalty` to those of kind `rate`."),
    )),
    ("Operations, servers, samples", (
        ("not-an-address", "An address holds what no address can.",
         "Write https://, host, port and path; leave query and blanks out."),
        ("unencrypted-server", "The address of a server is not encrypted.",
         "Write https://, or leave the server out."),
        ("two-defaults", "Two servers are the default.", "Keep `default: yes` at one of them."),
        ("doubtful-default", "A server that is not confirmed is the default.",
         "Remove `default:`: the user gives the address."),
        ("several-hosts", "Operations are at different servers, which are environments of one.",
         "Write a spec of its own for each host."),
        ("path-without-parameter", "The address has a place that no parameter fills.",
         "Add the parameter with `in: path`."),
        ("parameter-without-place", "A path parameter has no place in the address.",
         "Write `{name}` into the address by an erratum."),
        ("list-in-path", "A list stands in an address, which has its name once.",
         "Say by `join:` what stands between its items."),
        ("join-without-list",
         "What joins the items of a list stands at something else, or joins them by nothing.",
         "Say `type: list`, or leave `join:` out; a list in a body is a list of its encoding."),
        ("selector-without-values", "A parameter selects the format, but not which value does.",
         "Add `values:`."),
        ("format-not-offered", "A parameter selects a format that the operation does not offer.",
         "Complete `formats:`, or shorten `values:`."),
        ("format-not-selectable", "A format is offered that no value selects.",
         "Complete `values:` of the parameter that selects the format."),
        ("missing-root", "A reply in XML has no root element.", "Add `root:`."),
        ("list-without-item",
         "A reply in XML has an item without a list, or a list at the root without its item.",
         "Add the element that is missing."),
        ("malformed-sample", "A sample is no value of the argument that it is for.",
         "Write it as the help line says."),
        ("operations-alike",
         "Two operations have one method and address, and nothing in their requests tells them "
         "apart.",
         "Give each the constant by which the service knows it, or a part that the other lacks."),
        ("penalty-not-told", "A limit has a penalty, and no refusal says that it has begun.",
         "Say `breaks: LIMIT` at the status, the code or the case of the refusal."),
        ("pairs-without-body", "An envelope puts pairs into bodies, and a request has none.",
         "Give the operation another envelope, or a body."),
        ("two-ways-of-paging", "Pages are asked for in two ways.",
         "Keep one of `begin` and `end`, `page`, `offset`, `token`, `link`."),
        ("walk-of-nothing", "A walk has nothing to walk over.",
         "Say how pages are asked for, or leave `walk:` out."),
        ("optional-credential-needed", "What carries a credential that a client may do without is "
         "always there.",
         "Take `optional: yes` away from the credential, or let it travel where it can be left "
         "out."),
        ("record-in-itself", "A record leads back to itself.",
         "Write out as many levels as the document shows."),
        ("step-unused", "Nothing carries the result of a login step.",
         "Say which requests carry it by `auth: {present: …}`."),
    )),
    ("Notes: what works, and should be looked at", (
        ("credential-unused", "Nothing carries a credential.",
         "Say where it travels by `auth: {present: …}`, or remove it."),
        ("secret-in-address", "A secret travels in an address, which is logged on the way.",
         "Say `in: header` or a body, if the document offers one; else leave it as it is."),
        ("label-undecided",
         "Nobody says whether the label of a reading begins or ends its interval.",
         "Add `label_marks:` once somebody knows."),
        ("hour-undecided",
         "Nobody says which hour a local time means when the clocks go back.",
         "Add `repeated:`, or a mark in `pattern:`, once somebody knows."),
        ("echo-unsaid",
         "A field of a list is named like what was asked, and nobody compares the two.",
         "Add `echoes:` where it says again what was asked; else leave it as it is."),
        ("paging-unsaid",
         "A field beside a list is named as those of pages are, and no `paging:` is said.",
         "Say the pages under `paging:`; where the list is whole, leave it as it is."),
        ("code-expected",
         "An envelope at the root expects a code in each success, and says none of success.",
         "Add `presence: optional` to `header:` where failures alone have its fields."),
    )),
    ("Pages of a site", (
        ("dead-link", "A link leads to no page, file or anchor of the site.",
         "Correct the link, or add the page to what the site is made of, such as by `--project`."),
        ("page-html", "A page holds HTML that is neither an anchor nor a comment, or an image.",
         "Write it in Markdown, without images."),
    )),
    ("Output", (
        ("foreign-file", "A file that gridwright did not write stands where it would write.",
         "Move the file away, or choose another `--out`."),
        ("stale-output", "Generated files are not what the specs generate.",
         "Run `gridwright generate` and commit the result; never edit generated files."),
    )),
)  # fmt: skip

_LAWS = (
    "What does not go together",
    tuple(
        (law.code, f"{law.why[:1].upper()}{law.why[1:]}.", f"Write {law.instead}.") for law in LAWS
    ),
)
_STAGES = (*_WRITTEN[:-1], _LAWS, _WRITTEN[-1])

CATALOGUE: Mapping[str, Explanation] = MappingProxyType(
    {code: Explanation(means, do) for _, codes in _STAGES for code, means, do in codes}
)
"""What can be reported, by code."""


def catalogue_page() -> str:
    """Return docs/diagnostics.md."""
    parts = [
        "<!-- Rendered from generator/gridwright/catalogue.py by `make golden`. -->\n"
        "# Diagnostics\n\n"
        "Everything that `gridwright check` and `gridwright generate` report, in the order of the "
        "stages. Each has a spec that shows it in `tests/diagnostics/`, or a test of its own.\n\n"
        "    specs/usage.yaml:7:11: error[unknown-unit]: 'energy_kwh' has unit 'kwh', which is "
        "not a known unit\n      help: did you mean 'kWh'?\n"
    ]
    for stage, codes in _STAGES:
        rows = "".join(f"| `{code}` | {means} | {do} |\n" for code, means, do in codes)
        parts.append(f"\n## {stage}\n\n| Code | Means | What to do |\n|---|---|---|\n{rows}")
    return "".join(parts)
