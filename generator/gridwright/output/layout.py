"""Lay out rendered Python the way black does, so that black finds nothing to change.

Only speed is at stake: what black changes it formats a second time, and long lines take it longest,
which together is a third of a run. Where this guesses wrong, black puts it right. Never touches
what stands inside a string.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from unicodedata import east_asian_width

__all__ = ["lay_out"]

_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
    r"|\#[^\n]*|\blambda [^:\n]*:|[()\[\]{},]",  # no commas of a lambda's are those of a call
    re.DOTALL,
)
_WHOLE_CHOICE = re.compile(r"\s+\w+=None if \w+ is None else [^,]+,$")
_CHOICE = re.compile(r"(?<==)None if .+(?=,$)")
_TEXT = re.compile(r'(?<= = )"[^"]*"$')
_CALL = re.compile(r"(?<= = )\w+\(.*\)$")
_OPTIONAL = re.compile(r"(?<=: )[\w.\[\]]+ \| None(?= = )")
_PLAIN = re.compile(r"'((?:[^'\"\\\n]|\\[^'\"\n])*)'")


class _Brackets(NamedTuple):
    """A pair of brackets and the commas right inside of it, as places in a line."""

    start: int
    end: int
    commas: list[int]


def lay_out(text: str, length: int) -> str:
    """Put double quotes, break lines longer than ``length``, drop needless blank lines."""
    text = _TOKEN.sub(_with_double_quotes, text.rstrip("\n")) + "\n"
    opening, within = _lines_of_long_strings(text)
    lines: list[str] = []
    for number, line in enumerate(text.split("\n")):
        if number in within:
            lines.append(line)
        elif line:
            _drop_blank_lines(lines, keep=1 if line[0] == " " else 2)
            lines += [line] if number in opening else _broken(line, length)
        else:
            lines.append(line)
    return "\n".join(lines)


def _with_double_quotes(token: re.Match[str]) -> str:
    plain = _PLAIN.fullmatch(token[0])
    return f'"{plain[1]}"' if plain else token[0]


def _lines_of_long_strings(text: str) -> tuple[set[int], set[int]]:
    """Return the lines where a string of several lines begins, and those that begin inside one."""
    opening: set[int] = set()
    within: set[int] = set()
    number = at = 0
    for token in _TOKEN.finditer(text):
        if token[0][0] in "\"'" and (ends := token[0].count("\n")):
            number += text.count("\n", at, token.start())
            opening.add(number)
            within.update(range(number + 1, number + ends + 1))
            number, at = number + ends, token.end()
    return opening, within


def _drop_blank_lines(lines: list[str], keep: int) -> None:
    while len(lines) > keep and not any(lines[-keep - 1 :]):
        lines.pop()


def _broken(line: str, length: int) -> Iterator[str]:
    """Break one line at its brackets: what is inside goes on a line, or on one for each element."""
    is_long = _width(line) > length
    pair = _pair_to_break(line, is_long)
    margin = " " * (len(line) - len(line.lstrip()))
    if is_long and (part := _part_to_enclose(line, pair, length)):
        yield f"{line[: part.start()]}("
        yield from _broken(f"{margin}    {part[0]}", length)
        yield f"{margin}){line[part.end() :]}"
        return
    if pair is None or not (is_long or _has_last_comma(line, pair)):
        yield line
        return
    body = f"{margin}    {line[pair.start + 1 : pair.end].strip()}"
    head = line[: pair.start + 1]
    yield from _broken(head, length) if _width(head) > length else (head,)
    if _is_spread(line, pair) or _width(body) > length:
        edges = (pair.start, *pair.commas, pair.end)
        for before, after in pairwise(edges):
            if element := line[before + 1 : after].strip():
                yield from _broken(f"{margin}    {element},", length)
    else:
        yield body
    yield margin + line[pair.end :]


def _part_to_enclose(line: str, pair: _Brackets | None, length: int) -> re.Match[str] | None:
    """Return what gets brackets of its own where breaking those that are there is not enough."""
    if line.endswith(",") and _WHOLE_CHOICE.match(line):
        return _CHOICE.search(line)
    if pair is None:
        return _TEXT.search(line)
    if _width(line[: pair.start + 1]) <= length:
        return None
    called = _CALL.search(line)
    if called and _width(line[: called.start()]) < length:
        return called
    return _OPTIONAL.search(line)


def _pair_to_break(line: str, is_long: bool) -> _Brackets | None:
    """Return the parameters of a definition, otherwise the last brackets that are not in others.

    A long line that ends in an opened bracket has such brackets before it, too.
    """
    found: list[_Brackets] = []
    opened: list[_Brackets] = []
    for token in _TOKEN.finditer(line):
        if token[0] in "([{":
            opened.append(_Brackets(token.start(), 0, []))
        elif token[0] == "," and opened:
            opened[-1].commas.append(token.start())
        elif token[0] in ")]}":
            if not opened:
                return None  # opened on a line before
            pair = opened.pop()._replace(end=token.start())
            found += [] if opened else [pair]
    if opened and not (is_long and len(opened) == 1 and opened[0].start == len(line) - 1):
        return None
    if not found:
        return None
    return found[0 if line.lstrip().startswith(("def ", "async def ")) else -1]


def _is_spread(line: str, pair: _Brackets) -> bool:
    """Say whether each element gets a line of its own, even where all fit on one."""
    is_call = re.fullmatch(r"[\w)\]]", line[pair.start - 1 : pair.start]) is not None
    several = len(pair.commas) > _has_trailing_comma(line, pair)
    return _has_last_comma(line, pair) or (several and not is_call)


def _has_last_comma(line: str, pair: _Brackets) -> bool:
    """Say whether a comma stands after the last of several elements."""
    return len(pair.commas) > 1 and _has_trailing_comma(line, pair)


def _has_trailing_comma(line: str, pair: _Brackets) -> bool:
    return bool(pair.commas) and not line[pair.commas[-1] + 1 : pair.end].strip()


def _width(text: str) -> int:
    """Return the columns of a text; Chinese and Korean characters take two."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
