r"""Regular expressions in the part that Python, JSON Schema (ECMA 262) and XSD say alike.

Characters, classes such as ``[A-Z0-9]``, ``\d`` and ``\w`` of ASCII, ``.``, groups, alternatives
and ``? * + {n} {n,} {n,m}``. An expression matches the whole text. What these languages take
differently (``\s``, ``\b``, ``\p{…}``, looking around, references, flags) is refused, and so is
what can be read in so many ways at once that an engine which tries them all may never end.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["MatchingError", "letters_of", "understood"]

Characters: TypeAlias = tuple[tuple[int, int], ...]
"""Ranges of code points, in order and apart."""


class MatchingError(ValueError):
    """An expression that is refused, with what to write instead."""

    def __init__(self, message: str, help: str) -> None:
        """Say why, and what helps."""
        super().__init__(message)
        self.message = message
        self.help = help


@dataclass(frozen=True, slots=True)
class _One:
    characters: Characters
    text: str


@dataclass(frozen=True, slots=True)
class _Row:
    parts: tuple["_Part", ...]


@dataclass(frozen=True, slots=True)
class _Either:
    forms: tuple["_Part", ...]


@dataclass(frozen=True, slots=True)
class _Times:
    part: "_Part"
    least: int
    most: int | None


_Part: TypeAlias = _One | _Row | _Either | _Times


def understood(text: str) -> str:
    """Return an expression as all three languages write it, without anchors.

    Raises:
        MatchingError: it is none, or is one that they do not say alike, or that may take too long.
    """
    part = _parsed(text)
    _judge(_automaton(part))
    return _write(part)


def letters_of(text: str, fits: Sequence[tuple[int, int | None]] = ()) -> tuple[str, ...]:
    """Return the characters that may stand at each place of one text that matches.

    Any choice of one character for each place makes such a text. The text is the shortest of the
    sizes that are asked for, or of any size; nothing where there is none of them, or it is empty.
    """
    states = _automaton(_parsed(text))
    found = _shortest(states, fits)
    return tuple(_some(states.sets[state]) for state in found)


# --- Reading ----------------------------------------------------------------------------------


def _parsed(text: str) -> _Part:
    inner = text[1:-1] if _ANCHORED.fullmatch(text) else text
    if not inner:
        raise MatchingError(f"'{text}' matches nothing but an empty text", "write what may stand")
    reader = _Reader(inner)
    part = reader.either()
    if reader.rest:
        raise MatchingError(f"'{text}' closes a group that is not open", r"write `\)` for the sign")
    if inner != text and reader.is_either:
        raise MatchingError(
            f"'{text}' has each of its anchors in one alternative alone",
            "write no anchors, since the whole text is matched",
        )
    return part


class _Reader:
    """Reads an expression from its beginning on."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self.is_either = False
        """There are alternatives in no group."""

    @property
    def rest(self) -> str:
        return self._text[self._at :]

    def either(self) -> _Part:
        forms = [self._row()]
        while self._takes("|"):
            forms.append(self._row())
            self.is_either |= self._depth == 0
        return forms[0] if len(forms) == 1 else _Either(tuple(forms))

    def _row(self) -> _Part:
        parts: list[_Part] = []
        while self.rest and self.rest[0] not in "|)":
            parts.append(self._times(self._single()))
        return parts[0] if len(parts) == 1 else _Row(tuple(parts))

    def _times(self, part: _Part) -> _Part:
        sign = self.rest[:1]
        if sign not in ("?", "*", "+", "{"):
            return part
        found = _COUNT.match(self.rest)
        if found is None:
            raise self._refused("a brace that counts nothing", r"`{2}`, `{1,6}` or `\{` for a sign")
        self._at += found.end()
        least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}.get(sign, _repetition(found))
        if self.rest[:1] in ("?", "*", "+", "{"):
            raise self._refused("a count behind a count", "one of them")
        if most is not None and (most < least or most == 0):
            raise self._refused("a count that runs backwards", f"`{{{most or 1},{least or 1}}}`")
        if max(least, most or 0) > _MOST_STATES:
            raise self._refused(f"more than {_MOST_STATES} of something", "`length:` for the size")
        return _Times(part, least, most)

    def _single(self) -> _Part:
        sign = self.rest[0]
        self._at += 1
        match sign:
            case "(":
                return self._group()
            case "[":
                return self._class()
            case "\\":
                return self._escaped()
            case ".":
                return _One(_all_but(((10, 10), (13, 13))), r"[^\n\r]")
            case "^" | "$":
                raise self._refused(
                    f"an anchor, {sign!r}, in its middle or without the other one",
                    rf"no anchors, since the whole text is matched, or `\{sign}` for the sign",
                )
            case "?" | "*" | "+" | "{" | "}" | "]":
                raise self._refused(f"a {sign!r} behind nothing", rf"`\{sign}` for the sign")
        return _literal(self._plain(sign))

    def _group(self) -> _Part:
        if self.rest.startswith("?:"):
            self._at += 2
        elif self.rest.startswith("?"):
            raise self._refused("a group that looks around, has a name or a flag", "`(` and `)`")
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._refused(f"groups within groups, deeper than {_DEEPEST}", "fewer of them")
        inner = self.either()
        if not self._takes(")"):
            raise self._refused("a group that is not closed", r"`)` at its end, or `\(`")
        self._depth -= 1
        return inner

    def _escaped(self) -> _Part:
        sign = self.rest[:1]
        self._at += 1
        if sign in _SHORT:
            return _One(_SHORT[sign], _class_text(_SHORT[sign]))
        if not sign or sign.isalnum() or not sign.isascii():
            raise self._refused(f"'\\{sign}', which not all take alike", "the characters in `[…]`")
        return _literal(sign)

    def _class(self) -> _Part:
        is_other = self._takes("^")
        found: list[tuple[int, int]] = []
        while not self._takes("]"):
            if not self.rest:
                raise self._refused("a class that is not closed", r"`]` at its end, or `\[`")
            first = self._of_class()
            if isinstance(first, tuple):
                found += first
                continue
            last: int | Characters = first
            if self.rest.startswith("-") and not self.rest.startswith("-]"):
                self._at += 1
                last = self._of_class()
            if isinstance(last, tuple) or last < first:
                raise self._refused("a range that runs backwards", "the smaller sign first")
            found.append((first, last))
        if not found:
            raise self._refused("a class of nothing", "the characters that may stand there")
        characters = _merge_ranges(found)
        text = _class_text(characters)
        if not is_other:
            return _One(characters, text)
        text = text if text.startswith("[") else f"[{text}]"
        return _One(_all_but(characters), f"[^{text[1:]}")

    def _of_class(self) -> int | Characters:
        if not self.rest:
            raise self._refused("a class that is not closed", r"`]` at its end, or `\[`")
        sign = self.rest[0]
        self._at += 1
        if sign == "[":
            raise self._refused("a '[' within a class", r"`\[` for the sign")
        if sign != "\\":
            return ord(self._plain(sign))
        sign = self.rest[:1]
        self._at += 1
        if sign in _SHORT:
            return _SHORT[sign]
        if sign in _LINE_ENDS:
            return _LINE_ENDS[sign]
        if not sign or sign.isalnum() or not sign.isascii():
            raise self._refused(
                f"'\\{sign}', which not all take alike", "the characters themselves"
            )
        return ord(sign)

    def _plain(self, sign: str) -> str:
        if ord(sign) > _LAST or unicodedata.category(sign) in ("Cc", "Cs"):
            raise self._refused("a character that not all of them count as one", "another one")
        return sign

    def _takes(self, sign: str) -> bool:
        if not self.rest.startswith(sign):
            return False
        self._at += len(sign)
        return True

    def _refused(self, what: str, instead: str) -> MatchingError:
        return MatchingError(f"'{self._text}' has {what}", f"write {instead}")


def _repetition(found: "re.Match[str]") -> tuple[int, int | None]:
    if found["least"] is None:
        return 0, 0
    least = int(found["least"])
    if found["comma"] is None:
        return least, least
    return least, int(found["most"]) if found["most"] else None


def _literal(sign: str) -> _One:
    return _One(((ord(sign), ord(sign)),), _class_text(((ord(sign), ord(sign)),)))


def _merge_ranges(ranges: Sequence[tuple[int, int]]) -> Characters:
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def _all_but(characters: Characters) -> Characters:
    found: list[tuple[int, int]] = []
    begin = 0
    for first, last in (*characters, (_LAST + 1, _LAST + 1)):
        if begin < first:
            found.append((begin, first - 1))
        begin = last + 1
    return tuple(found)


# --- Writing ----------------------------------------------------------------------------------


def _write(part: _Part, *, is_part: bool = False) -> str:
    match part:
        case _One(text=text):
            return text
        case _Row(parts=parts):
            text = "".join(_write(one, is_part=isinstance(one, _Either)) for one in parts)
            return f"({text})" if is_part else text
        case _Either(forms=forms):
            text = "|".join(_write(one) for one in forms)
            return f"({text})" if is_part else text
        case _Times(part=inner, least=least, most=most):
            # A count behind a count needs a group between them.
            is_group = isinstance(inner, _Row | _Either)
            text = _write(inner, is_part=is_group)
            text = f"({text})" if isinstance(inner, _Times) else text
            return f"{text}{_count_text(least, most)}"


def _count_text(least: int, most: int | None) -> str:
    short = {(0, 1): "?", (0, None): "*", (1, None): "+"}.get((least, most))
    if short is not None:
        return short
    if least == most:
        return f"{{{least}}}"
    return f"{{{least},{'' if most is None else most}}}"


def _class_text(characters: Characters) -> str:
    if len(characters) == 1 and characters[0][0] == characters[0][1]:
        sign = chr(characters[0][0])
        # XSD has no escape for a dollar sign, and ECMA 262 none for what means nothing.
        if sign == "$":
            return "[$]"
        return f"\\{sign}" if sign in r"\^.|?*+()[]{}" else sign
    return f"[{''.join(map(_range_text, characters))}]"


def _range_text(characters: tuple[int, int]) -> str:
    first, last = (_in_class(code) for code in characters)
    if characters[0] == characters[1]:
        return first
    return f"{first}{'-' if characters[0] + 1 < characters[1] else ''}{last}"


def _in_class(code: int) -> str:
    sign = chr(code)
    if sign in "\n\r":
        return {"\n": r"\n", "\r": r"\r"}[sign]
    return f"\\{sign}" if sign in r"\^-[]" else sign


# --- Judging ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _States:
    """An automaton with one state for each character of an expression; counts are written out.

    Attributes:
        sets: the characters of each state.
        first: in how many ways a text may begin with each state.
        follow: in how many ways each state may follow one.
        last: the states with which a text may end.
    """

    sets: list[Characters]
    first: dict[int, int]
    follow: dict[int, dict[int, int]]
    last: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Piece:
    first: dict[int, int]
    last: dict[int, int]
    empty: int


def _automaton(part: _Part) -> _States:
    states = _States([], {}, {}, frozenset())
    piece = _built(part, states)
    return _States(states.sets, piece.first, states.follow, frozenset(piece.last))


def _built(part: _Part, states: _States) -> _Piece:
    match part:
        case _One(characters=characters):
            if len(states.sets) >= _MOST_STATES:
                raise MatchingError(
                    f"the expression stands for more than {_MOST_STATES} characters",
                    "say the size by `length:`, and what may stand by a class with `+`",
                )
            states.sets.append(characters)
            state = len(states.sets) - 1
            states.follow[state] = {}
            return _Piece({state: 1}, {state: 1}, 0)
        case _Row(parts=parts):
            piece = _Piece({}, {}, 1)
            for one in parts:
                piece = _in_a_row(piece, _built(one, states), states)
            return piece
        case _Either(forms=forms):
            pieces = [_built(one, states) for one in forms]
            return _Piece(
                _sum(*(one.first for one in pieces)),
                _sum(*(one.last for one in pieces)),
                min(sum(one.empty for one in pieces), _MOST_WAYS + 1),
            )
        case _Times(part=inner, least=least, most=most):
            piece = _Piece({}, {}, 1)
            for _ in range(least):
                piece = _in_a_row(piece, _built(inner, states), states)
            if most is None:
                return _in_a_row(piece, _endless(inner, states), states)
            rest = _Piece({}, {}, 1)
            for _ in range(most - least):  # the further ones are within each other
                further = _in_a_row(_built(inner, states), rest, states)
                empty = min(further.empty + 1, _MOST_WAYS + 1)
                rest = _Piece(further.first, further.last, empty)
            return _in_a_row(piece, rest, states)


def _endless(inner: _Part, states: _States) -> _Piece:
    one = _built(inner, states)
    if one.empty:
        raise MatchingError(
            "a part that may be empty is repeated without an end",
            "repeat what is never empty: `(a|b)*` for `(a*|b*)*`",
        )
    _follow(one.last, one.first, states)
    return _Piece(one.first, one.last, 1)


def _in_a_row(one: _Piece, other: _Piece, states: _States) -> _Piece:
    _follow(one.last, other.first, states)
    return _Piece(
        _sum(one.first, {state: ways * one.empty for state, ways in other.first.items()}),
        _sum(other.last, {state: ways * other.empty for state, ways in one.last.items()}),
        min(one.empty * other.empty, _MOST_WAYS + 1),
    )


def _follow(last: dict[int, int], first: dict[int, int], states: _States) -> None:
    for state, ways in last.items():
        after = states.follow[state]
        for then, others in first.items():
            after[then] = min(after.get(then, 0) + ways * others, _MOST_WAYS + 1)


def _sum(*found: dict[int, int]) -> dict[int, int]:
    total: dict[int, int] = {}
    for one in found:
        for state, ways in one.items():
            if ways:
                total[state] = min(total.get(state, 0) + ways, _MOST_WAYS + 1)
    return total


def _judge(states: _States) -> None:
    """Refuse an expression whose texts can be read in many ways up to one of their characters.

    An engine that tries one way after another takes as many steps for each character.
    """
    signs = sorted({code for one in states.sets for first, last in one for code in (first, last)})
    seen: set[tuple[tuple[int, int], ...]] = set()
    waiting = [tuple(sorted(states.first.items()))]
    while waiting:
        ways = waiting.pop()
        if ways in seen:
            continue
        seen.add(ways)
        if len(seen) > _MOST_SEEN or sum(count for _, count in ways) > _MOST_WAYS:
            raise MatchingError(
                "a text can be read by the expression in too many ways at once",
                "let parts that repeat begin or end with other characters than their neighbours, "
                "and repeat no group that repeats itself",
            )
        for sign in signs:
            after = _sum(
                *(
                    {then: count * more for then, more in states.follow[state].items()}
                    for state, count in ways
                    if _holds(states.sets[state], sign)
                )
            )
            if after:
                waiting.append(tuple(sorted(after.items())))


def _holds(characters: Characters, sign: int) -> bool:
    return any(first <= sign <= last for first, last in characters)


# --- Inventing --------------------------------------------------------------------------------


def _shortest(states: _States, fits: Sequence[tuple[int, int | None]]) -> list[int]:
    """Return the states of the shortest text of the sizes; nothing where there is none."""
    most = max((last or first + len(states.sets) for first, last in fits), default=len(states.sets))
    levels: list[dict[int, int | None]] = [dict.fromkeys(states.first)]
    for size in range(1, min(most, _LONGEST) + 1):
        ends = [state for state in levels[-1] if state in states.last]
        if ends and (not fits or any(a <= size and (b is None or size <= b) for a, b in fits)):
            return list(_way_back(levels, ends[0]))
        levels.append(
            {then: state for state in reversed(levels[-1]) for then in states.follow[state]}
        )
    return []


def _way_back(levels: Sequence[dict[int, int | None]], state: int | None) -> Iterator[int]:
    found: list[int] = []
    for level in reversed(levels):
        if state is None:
            break
        found.append(state)
        state = level[state]
    yield from reversed(found)


def _some(characters: Characters) -> str:
    """Return some of the characters of a state, printable ASCII where it has any."""
    usual = [code for code in _USUAL if _holds(characters, code)]
    if usual:
        return "".join(map(chr, usual))
    return "".join(chr(code) for first, last in characters for code in range(first, last + 1)[:40])


_ANCHORED = re.compile(r"\^.*(?<!\\)(?:\\\\)*\$", re.DOTALL)
_COUNT = re.compile(r"[?*+]|\{(?P<least>[0-9]{1,6})(?P<comma>,)?(?P<most>[0-9]{1,6})?\}")
_SHORT: dict[str, Characters] = {
    "d": ((48, 57),),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
}
_LINE_ENDS = {"n": 10, "r": 13}
_USUAL = (*range(48, 58), *range(65, 91), *range(97, 123), 45, 46, 95, 32)
_LAST = 0xFFFF
_DEEPEST = 20
_LONGEST = 4000
_MOST_STATES = 1000
_MOST_WAYS = 64
_MOST_SEEN = 3000
