"""Arguments of the command line. Imports little, so that ``--help`` and a mistyped option are fast.

Every command has ``--json`` and, but for ``completion``, ``--quiet``; what its exit status means
stands in `EXITS`, from which ``--help`` is printed.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from gridwright import __version__

__all__ = ["EXITS", "FINE", "INTERRUPTED", "PROBLEMS", "WRONG_USE", "exits_text", "make_parser"]

FINE, PROBLEMS, WRONG_USE, INTERRUPTED = 0, 1, 2, 130

_SPECS = "folder of the specs (default: specs)"
_WRONG_USE = "wrong use, or a file that cannot be read or written"
EXITS: Mapping[str, Mapping[int, str]] = {
    "generate": {
        FINE: "everything is generated",
        PROBLEMS: "the specs have mistakes, or a foreign file is in the way; nothing is written",
        WRONG_USE: _WRONG_USE,
    },
    "check": {
        FINE: "no mistake",
        PROBLEMS: "the specs have mistakes, or the generated folder is not what they generate",
        WRONG_USE: _WRONG_USE,
    },
    "format": {
        FINE: "the specs are in the one form",
        PROBLEMS: "with --check: a file is not; or a file cannot be read as a spec",
        WRONG_USE: _WRONG_USE,
    },
    "diff": {
        FINE: "no change is as bad as --fail-on",
        PROBLEMS: "one is, or a side has mistakes and cannot be compared",
        WRONG_USE: _WRONG_USE,
    },
    "trace": {
        FINE: "every line is cited, dismissed or blank; with --edition: nothing needs reading",
        PROBLEMS: "lines are left, lines.yaml has mistakes, or a new edition needs reading",
        WRONG_USE: _WRONG_USE,
    },
    "new": {
        FINE: "the spec is started",
        WRONG_USE: "a name that cannot be a package's, a folder that holds files, or wrong use",
    },
    "import": {
        FINE: "the draft passes check",
        PROBLEMS: "the draft is written, and has mistakes that a person must settle",
        WRONG_USE: "a file that is no OpenAPI, a folder that no import wrote, or wrong use",
    },
    "site": {
        FINE: "the site is built",
        PROBLEMS: "the specs have mistakes, a link leads nowhere, or a foreign file is in the way; "
        "nothing is written",
        WRONG_USE: _WRONG_USE,
    },
    "mock": {
        FINE: "it was stopped with Ctrl+C",
        WRONG_USE: "there is no such mock, a port is taken, or wrong use",
    },
    "call": {
        FINE: "the call succeeded, and its result is written",
        PROBLEMS: "a file could not be read or written while it was sent or came",
        WRONG_USE: "wrong use, a missing credential, or a request that breaks a rule; nothing sent",
        3: "a limit, closed hours, or too busy a service: later",
        4: "the service does not accept the credentials, or the account may not ask this",
        5: "the service says that it has no data for this",
        6: "the service refused for another reason",
        7: "no whole reply came; a read may be called again",
        8: "nobody knows whether a write was carried out: look first",
        9: "the reply cannot be read, or departs from the document with --strict",
    },
    "find": {
        FINE: "something is found",
        PROBLEMS: "nothing is found",
        WRONG_USE: "nothing to look for, or a system without its interface.json",
    },
    "doctor": {
        FINE: "nothing is wrong",
        PROBLEMS: "something is wrong, and it says what to do",
        WRONG_USE: "wrong use, or no such system",
    },
    "store": {
        FINE: "nothing is wrong, or it begins",
        PROBLEMS: "something is wrong, and it says what to do",
        WRONG_USE: "wrong use, or the environment names no server",
    },
    "harvest": {
        FINE: "everything that is due is read, or the service says that it has nothing; "
        "with gaps: and no interval lacks its value",
        PROBLEMS: "calls have failed or are left, or a file is lost or cannot be written; "
        "with gaps: something is listed",
        WRONG_USE: "wrong use, or a lake whose rows mean something else",
        3: "stopped by a limit or closed hours; go on later",
    },
    "completion": {FINE: "the script is printed", WRONG_USE: "wrong use"},
}
"""What the exit status of each command means; all of them end with 130 when interrupted."""


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(
        prog="gridwright",
        description="Turn interface specs into typed clients, validators, mocks and pages.",
        epilog=(
            "exit status: 0 fine, 1 problems found, 2 wrong use, 130 interrupted; "
            "`gridwright COMMAND --help` says more"
        ),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"gridwright {__version__}",
        help="show the version of gridwright and exit",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary, add in _COMMANDS:
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=exits_text(name),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        add(command)
        command.add_argument("--json", action="store_true", help="print the result as JSON")
        if name != "completion":
            command.add_argument(
                "--quiet", action="store_true", help="print mistakes alone, and no result"
            )
    return parser


def exits_text(command: str) -> str:
    """Return what the exit status of a command means, for its help."""
    rows = {**EXITS[command], INTERRUPTED: "interrupted"}
    if command == "mock":
        del rows[INTERRUPTED]
    return "\n".join(
        ("exit status:", *(f"  {status:<4} {meaning}" for status, meaning in rows.items()))
    )


def _add_generate(parser: argparse.ArgumentParser) -> None:
    _add_specs(parser)
    _add_folder(parser, "--out", help="folder of the output (default: generated)")
    _add_package(parser)
    _add_carry_spec(parser)
    parser.add_argument("--force", action="store_true", help="generate also what has not changed")


def _add_check(parser: argparse.ArgumentParser) -> None:
    _add_specs(parser)
    parser.add_argument(
        "--explain",
        action="store_true",
        help="also say of each operation what travels where, from whom, and what judges the reply",
    )
    _add_folder(parser, "--generated", help="also compare this folder with what would be generated")
    _add_package(parser)
    _add_carry_spec(parser)
    _add_folder(
        parser, "--documents", help="also check literals, and every line, against the documents"
    )


def _add_format(parser: argparse.ArgumentParser) -> None:
    _add_specs(parser, amend=False)
    parser.add_argument(
        "--check", action="store_true", help="only say which files are not in the one form"
    )


def _add_diff(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "old", nargs="?", metavar="OLD", help="folder of specs, git revision, or range such as A.."
    )
    parser.add_argument(
        "new", nargs="?", metavar="NEW", help="the same; the specs as they are when not given"
    )
    _add_folder(
        parser,
        "--specs",
        default="specs",
        help="folder of the specs in a revision and in the work tree (default: specs)",
    )
    parser.add_argument(
        "--format",
        choices=("text", "markdown", "json", "github"),
        default="text",
        help="for a terminal, a pull request, a machine, annotations (default: text)",
    )
    parser.add_argument(
        "--fail-on",
        choices=("breaking", "risky", "safe", "none", "never"),
        default="breaking",
        help="exit with 1 where a change is at least this bad (default: breaking)",
    )
    parser.add_argument(
        "--accept",
        type=Path,
        metavar="FILE",
        help="changes that are agreed to (default: accepted.yaml in the folder of the specs)",
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="SYSTEM",
        help="look at this system; may be given again",
    )
    _add_amendments(
        parser, "further amendments for both sides, such as private ones; needs one --only"
    )
    parser.add_argument(
        "--git-driver",
        nargs="+",
        metavar="ARGUMENT",
        help="serve git as an external diff; git itself gives the arguments",
    )


def _add_trace(parser: argparse.ArgumentParser) -> None:
    _add_specs(parser, amend=False)
    _add_folder(
        parser,
        "--documents",
        help="folder of the documents (without it, the recorded hashes stand for them)",
    )
    parser.add_argument(
        "--uncited", action="store_true", help="list the lines that are neither cited nor dismissed"
    )
    parser.add_argument(
        "--in-ranges",
        action="store_true",
        help="list them, and those that only ranges of three lines or more cite",
    )
    parser.add_argument(
        "--html",
        type=Path,
        metavar="FILE",
        help="write the documents beside their specs as one page; needs --documents",
    )
    parser.add_argument(
        "--record",
        action="store_true",
        help="record the hashes of the documents' lines in lines.yaml; needs --documents",
    )
    parser.add_argument(
        "--edition",
        type=Path,
        metavar="FILE",
        help="say what a newer text of the document means for its spec; needs one SYSTEM",
    )
    parser.add_argument(
        "--move",
        action="store_true",
        help="with --edition: rewrite the citations whose lines only moved",
    )


def _add_new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("system", metavar="SYSTEM", help="id of the system, such as example_grid")
    _add_folder(parser, "--specs", default="specs", help=_SPECS)
    parser.add_argument(
        "--key",
        choices=("header", "query", "cookie", "none"),
        help="where an API key travels (default: header, with --oauth none)",
    )
    parser.add_argument(
        "--session", action="store_true", help="a login by user name and password comes before"
    )
    parser.add_argument(
        "--oauth",
        choices=("client", "refresh"),
        help="an access token of OAuth 2.0 comes before: by client credentials, or by a refresh "
        "token that is given by hand and that each use replaces",
    )
    parser.add_argument(
        "--list",
        default="readings",
        metavar="PATH",
        help="where the reply has its list, such as response.body.items; `.` where the reply is "
        "the list, `none` where it is one record (default: readings)",
    )
    parser.add_argument(
        "--format",
        choices=("json", "xml", "both"),
        default="json",
        help="what the reply is written in (default: json)",
    )
    parser.add_argument(
        "--paging",
        choices=("none", "rows", "page", "offset", "token", "link"),
        default="none",
        help="how a long answer is read in parts: by its first row and its last, by the number of "
        "a page, by an offset, or by a token or a link that the page before gave (default: none)",
    )


def _add_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the file, JSON or YAML")
    parser.add_argument("--system", required=True, metavar="NAME", help="id of the new system")
    _add_folder(parser, "--specs", default="specs", help=_SPECS)


def _add_site(parser: argparse.ArgumentParser) -> None:
    _add_specs(parser)
    _add_folder(
        parser, "--project", help="folder whose README, other pages and docs/ are part of the site"
    )
    _add_folder(parser, "--out", help="folder of the site (default: site)")
    parser.add_argument(
        "--title",
        default="gridwright",
        metavar="TEXT",
        help="what stands at the top of each page (default: gridwright)",
    )
    _add_package(parser)


def _add_mock(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "systems",
        nargs="+",
        metavar="SYSTEM",
        help="id of the system, such as example_grid; several are served on a port each",
    )
    parser.add_argument(
        "--host",
        type=_loopback,
        default="127.0.0.1",
        help="loopback address (default: 127.0.0.1)",
    )
    parser.add_argument(
        "--port",
        type=_port,
        default=8080,
        help="that of the first, the others follow; 0 takes free ones (default: 8080)",
    )
    parser.add_argument("--seed", type=int, default=1, help="same seed, same data (default: 1)")
    _add_where_generated(parser)


def _add_call(parser: argparse.ArgumentParser) -> None:
    _add_words(
        parser,
        "SYSTEM OPERATION",
        "and its options; without OPERATION, lists the operations; "
        "`gridwright call SYSTEM OPERATION --help` has the options",
    )


def _add_find(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words", nargs="*", metavar="WORD", help="part of a name, a label or a meaning"
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="SYSTEM",
        help="look there; may be given again",
    )
    parser.add_argument("--line", type=int, metavar="N", help="what cites this line of a document")
    _add_where_generated(parser)


def _add_doctor(parser: argparse.ArgumentParser) -> None:
    _add_words(
        parser, "SYSTEM", "and options of its client; `gridwright doctor SYSTEM --help` has them"
    )


def _add_store(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        choices=("status", "begin", "key"),
        help="status looks at the server that GRIDWRIGHT_STORE names; begin says that it is new, "
        "or that it may go on though it has forgotten what was called before; key prints a new "
        "key for GRIDWRIGHT_STORE_KEY, which encrypts logins",
    )


def _add_harvest(parser: argparse.ArgumentParser) -> None:
    _add_words(
        parser,
        "SYSTEM OPERATION",
        "and options; or status, gaps, changes, repair, compact, export and the folder; "
        "`gridwright harvest SYSTEM OPERATION --help` has the options",
    )


def _add_completion(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell")


_COMMANDS = (
    ("generate", "generate everything from the specs", _add_generate),
    ("check", "report every mistake in the specs; write nothing", _add_check),
    ("format", "lay out the specs in one form, their meaning untouched", _add_format),
    ("diff", "say what changed between two states of the specs", _add_diff),
    ("trace", "say what the specs make of each line of their documents", _add_trace),
    ("new", "start a spec with an example to overwrite", _add_new),
    ("import", "draft a spec from a Swagger 2 or OpenAPI 3 file", _add_import),
    ("site", "make one site that can be searched of the pages of all systems", _add_site),
    ("mock", "serve the mocks of systems on loopback, with a page for a browser", _add_mock),
    ("call", "call an operation of a system, and print what it brings", _add_call),
    ("find", "look a word up in the interfaces of all systems, offline", _add_find),
    ("doctor", "look at all that a client of a system needs, and say what to do", _add_doctor),
    ("store", "look at the server where machines share limits and logins, or begin", _add_store),
    ("harvest", "read many subjects over long periods into a folder, and go on", _add_harvest),
    ("completion", "print the completion script of a shell", _add_completion),
)


def _add_words(parser: argparse.ArgumentParser, metavar: str, help: str) -> None:
    """Take all words as they come: what they may be depends on the system that they name."""
    parser.add_argument("words", nargs=argparse.REMAINDER, metavar=metavar, help=help)
    _add_where_generated(parser)


def _add_specs(parser: argparse.ArgumentParser, *, amend: bool = True) -> None:
    parser.add_argument(
        "systems", nargs="*", metavar="SYSTEM", help="all systems when none is named"
    )
    _add_folder(parser, "--specs", default="specs", help=_SPECS)
    if not amend:
        parser.set_defaults(amend=[])
        return
    _add_amendments(parser, "further amendments, such as private ones; needs one SYSTEM")


def _add_folder(
    parser: argparse.ArgumentParser,
    name: str,
    *,
    default: str | None = None,
    help: str | None = None,
) -> None:
    folder = None if default is None else Path(default)
    parser.add_argument(name, type=Path, default=folder, metavar="DIR", help=help)


def _add_amendments(parser: argparse.ArgumentParser, help: str) -> None:
    parser.add_argument(
        "--amend", type=Path, action="append", default=[], metavar="FILE", help=help
    )


def _add_carry_spec(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--carry-spec",
        action="store_true",
        help="with each spec inside its OpenAPI document, so that `import` restores it whole",
    )


def _add_where_generated(parser: argparse.ArgumentParser) -> None:
    _add_folder(
        parser,
        "--generated",
        default="generated",
        help="folder of the output, where it is not installed (default: generated)",
    )
    _add_package(parser)


def _add_package(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--package",
        type=_package,
        default="gridwright_apis",
        metavar="NAME",
        help="import path of the generated package (default: gridwright_apis)",
    )


def _package(text: str) -> str:
    import re

    from gridwright.spec_names import is_reserved

    parts: Sequence[str] = text.split(".")
    if all(re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", p) and not is_reserved(p) for p in parts):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is no import path, such as gridwright_apis")


def _loopback(text: str) -> str:
    import ipaddress

    if text == "localhost":
        return text
    try:
        if ipaddress.ip_address(text).is_loopback:
            return text
    except ValueError:
        pass
    raise argparse.ArgumentTypeError("mocks listen on loopback alone, such as 127.0.0.1")


def _port(text: str) -> int:
    if text.isascii() and text.isdecimal() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
