"""Change a reply at random: bytes, tokens, structure. Never reads what comes out."""

import re
from collections.abc import Callable
from random import Random

__all__ = ["mutated"]

Change = Callable[[bytes, Random], bytes]


def mutated(body: bytes, kind: str, chance: Random) -> bytes:
    """Return a body with one to three changes.

    Args:
        body: as it came.
        kind: json, xml or multipart.
        chance: decides.
    """
    changes = _CHANGES[kind]
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        body = chance.choice(changes)(body, chance)
        if len(body) > _MOST_BYTES:
            break
    return body


# --- Any bytes --------------------------------------------------------------------------------


def _flip(body: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(body) or 1)
    return body[:at] + bytes((chance.randrange(256),)) + body[at + 1 :]


def _cut_out(body: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(body) or 1)
    return body[:at] + body[at + chance.choice((1, 2, 8, 64)) :]


def _cut_off(body: bytes, chance: Random) -> bytes:
    return body[: chance.randrange(len(body) or 1)]


def _repeat(body: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(body) or 1)
    piece = body[at : at + chance.choice((1, 4, 32, 256))]
    return body[:at] + piece * chance.choice((2, 2, 3, 50)) + body[at + len(piece) :]


def _move(body: bytes, chance: Random) -> bytes:
    start, end = sorted(chance.randrange(len(body) or 1) for _ in range(2))
    piece, rest = body[start:end], body[:start] + body[end:]
    at = chance.randrange(len(rest) + 1)
    return rest[:at] + piece + rest[at:]


def _insert(body: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(body) + 1)
    return body[:at] + chance.choice(_ODD_BYTES) + body[at:]


def _around(body: bytes, chance: Random) -> bytes:
    odd = chance.choice(_ODD_BYTES)
    return odd + body if chance.random() < 0.5 else body + odd


def _recoded(body: bytes, chance: Random) -> bytes:
    encoding = chance.choice(("utf-16", "utf-16-le", "utf-8-sig", "utf-32", "latin-1", "cp949"))
    return body.decode("utf-8", "replace").encode(encoding, "replace")


# --- JSON -------------------------------------------------------------------------------------


def _json_value(body: bytes, chance: Random) -> bytes:
    return _replaced(body, _JSON_VALUE, chance, lambda _: chance.choice(_ODD_VALUES))


def _json_name(body: bytes, chance: Random) -> bytes:
    names = _JSON_NAME.findall(body) or [b'"a"']
    return _replaced(body, _JSON_NAME, chance, lambda _: chance.choice((*names, *_ODD_NAMES)))


def _json_number_in_text(body: bytes, chance: Random) -> bytes:
    return _replaced(body, _JSON_DIGITS, chance, lambda found: chance.choice(_NUMBERS) or found)


def _json_twice(body: bytes, chance: Random) -> bytes:
    return _replaced(
        body,
        _JSON_MEMBER,
        chance,
        lambda found: found + b"," + _json_value(found, chance),
    )


def _json_wrapped(body: bytes, chance: Random) -> bytes:
    before, after = chance.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"[[", b"]]"), (b"[{},", b"]")))
    return _replaced(body, _JSON_VALUE, chance, lambda found: before + found + after)


def _json_escaped(body: bytes, chance: Random) -> bytes:
    def escaped(found: bytes) -> bytes:
        inner = found[1:-1].decode("utf-8", "replace")
        if "\\" in inner:
            return found
        units = inner.encode("utf-16-be")
        return (
            b'"'
            + b"".join(
                b"\\u%02x%02x" % (units[at], units[at + 1]) for at in range(0, len(units), 2)
            )
            + b'"'
        )

    return _replaced(body, _JSON_TEXT, chance, escaped)


def _deep(body: bytes, chance: Random) -> bytes:
    depth = chance.choice((40, 400, 3000))
    before, after = chance.choice(((b"[", b"]"), (b'{"a":', b"}"), (b"<a>", b"</a>")))
    ends = depth if chance.random() < 0.7 else 0
    return _replaced(body, _TOKEN, chance, lambda found: before * depth + found + after * ends)


# --- XML --------------------------------------------------------------------------------------


def _xml_text(body: bytes, chance: Random) -> bytes:
    return _replaced(body, _XML_TEXT, chance, lambda _: b">" + chance.choice(_ODD_TEXTS) + b"<")


def _xml_name(body: bytes, chance: Random) -> bytes:
    names = _XML_NAME.findall(body) or [b"<a"]
    return _replaced(body, _XML_NAME, chance, lambda _: chance.choice(names))


def _xml_renamed(body: bytes, chance: Random) -> bytes:
    names = sorted(set(_XML_NAME.findall(body))) or [b"<a"]
    old, new = (chance.choice(names)[1:] for _ in range(2))
    return body.replace(b"<" + old + b">", b"<" + new + b">").replace(
        b"</" + old + b">", b"</" + new + b">"
    )


def _xml_twice(body: bytes, chance: Random) -> bytes:
    return _replaced(body, _XML_LEAF, chance, lambda found: found + _xml_text(found, chance))


def _xml_within(body: bytes, chance: Random) -> bytes:
    def broken(found: bytes) -> bytes:
        text = found[1:-1]
        at = chance.randrange(len(text) + 1)
        return b">" + text[:at] + chance.choice(_XML_PIECES) + text[at:] + b"<"

    return _replaced(body, _XML_TEXT, chance, broken)


def _xml_tag(body: bytes, chance: Random) -> bytes:
    return _replaced(body, _XML_TAG, chance, lambda found: found[:-1] + chance.choice(_XML_TAGS))


def _xml_head(body: bytes, chance: Random) -> bytes:
    return chance.choice(_XML_HEADS) + _XML_DECLARATION.sub(b"", body, count=1)


# --- Multipart --------------------------------------------------------------------------------


def _line(body: bytes, chance: Random) -> bytes:
    lines = body.split(b"\r\n")
    at = chance.randrange(len(lines))
    lines[at : at + 1] = chance.choice(
        ([], [lines[at]] * 2, [b""], [lines[at] + b" "], [lines[at][::-1]], [b"--", lines[at]])
    )
    return b"\r\n".join(lines)


def _replaced(
    body: bytes, pattern: re.Pattern[bytes], chance: Random, new: Callable[[bytes], bytes]
) -> bytes:
    places = [found.span() for found in pattern.finditer(body)]
    if not places:
        return _flip(body, chance)
    start, end = chance.choice(places)
    return body[:start] + new(body[start:end]) + body[end:]


_MOST_BYTES = 200_000
_TOKEN = re.compile(rb"[^\s<>,:{}\[\]]+")
_JSON_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"')
_JSON_NAME = re.compile(rb'"(?:[^"\\]|\\.)*"(?=\s*:)')
_JSON_VALUE = re.compile(rb'(?<=[:\[,])\s*(?:"(?:[^"\\]|\\.)*"|[-+\w.]+)(?=\s*[,\]}])')
_JSON_MEMBER = re.compile(rb'"(?:[^"\\]|\\.)*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[-+\w.]+)')
_JSON_DIGITS = re.compile(rb"\d[\d.]*")
_XML_TEXT = re.compile(rb">[^<]*<")
_XML_NAME = re.compile(rb"<[A-Za-z][\w:.-]*")
_XML_TAG = re.compile(rb"<[A-Za-z][^>]*>")
_XML_LEAF = re.compile(rb"<([A-Za-z][\w:.-]*)[^>]*>[^<]*</\1>")
_XML_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")
_ODD_BYTES = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1a", b"\x0b", b" ", b"\n", b'"', b"\\",
    b"{", b"}", b"[", b"]", b"<", b">", b"&", b"]]>", b"--", b",", b":", b"null", b"\xe2\x80\xae",
    b"\xc0\x80", b"<!--", b"\\u0000", b"\\ud800", b"&#0;", b"&#x10FFFF;", b"%",
)  # fmt: skip
_NUMBERS = (
    b"", b"1e400", b"-0", b"1_000", b"0x10", b"1,5", b"1,234.5", "１２".encode(), "١٢".encode(),
    b"NaN", b"Infinity", b"-Infinity", b" 12", b"12 ", b"+5", b".5", b"5.", b"1e5", b"1E-5",
    b"9" * 400, b"0." + b"0" * 400 + b"1", b"007", b"1 000", b"--1", b"1e", b"12a", b"1.2.3",
    b"9007199254740993", b"0.1000000000000000055511151231257827", b"1e-400", b"18446744073709551616",  # noqa: E501
    b"-5", b"0", b"20240230", b"00000000", b"99991231", b"10000101", b"-1e2", b"1\xc2\xa0000",
)  # fmt: skip
_ODD_VALUES = (
    *_NUMBERS,
    *(b'"' + number + b'"' for number in _NUMBERS),
    b"true", b"false", b"null", b'"null"', b'"-"', b'" "', b'""', b"[]", b"{}", b"[null]",
    b'"\\u0000"', b'"\\ud83d"', b'"\\ud83d\\ude00"', b'"a\\tb"', b'"<a/>"', b"1.0", b"1.10",
    b'"true"', b'"Y"', b'"' + b"x" * 5000 + b'"', b"[1,2]", b'{"a":1}', b"'a'", b"undefined",
)  # fmt: skip
_ODD_NAMES = (b'""', b'"__proto__"', b'"a"', b'"items"', b'"."', b'"\\u0000"', b'"error"')
_ODD_TEXTS = (
    *_NUMBERS, b"&#49;2", b"<![CDATA[12]]>", b"1<!-- -->2", b"1<?a?>2", b"&amp;", b"&lt;a&gt;",
    b"&unknown;", b"&#0;", b"&#xD800;", b"<a/>", b"1<a/>2", b"\n12\n", b"true", b"null", b"\x0b",
    b"<a>1</a>", b"&e;", b"\xed\xa0\x80",
)  # fmt: skip
_XML_PIECES = (
    b"<!-- x -->", b"<?x y?>", b"<![CDATA[]]>", b"<![CDATA[1]]>", b"&#49;", b"<x/>", b"<x>1</x>",
    b"\n", b"\t", b"&#10;", b"\xe2\x80\x8b", b"\x00", b"\x0b", b"]]>",
)  # fmt: skip
_XML_TAGS = (
    b"/>", b' xsi:nil="true">', b' nil="true">', b' a="1">', b' a="1" a="2">', b' xmlns="urn:x">',
    b' xmlns:q="urn:q">', b" >", b">>", b' xml:space="preserve">', b' id="1">',
)  # fmt: skip
_XML_HEADS = (
    b'<?xml version="1.0"?>', b'<?xml version="1.1"?>', b'<?xml version="1.0" encoding="EUC-KR"?>',
    b'<?xml version="1.0" encoding="utf-16"?>', b"<?xml?>", b"<!DOCTYPE html>", b"<!-- a -->",
    b'<!DOCTYPE a [<!ENTITY e "12">]>', b"<?a b?>", b'<!DOCTYPE a SYSTEM "file:///etc/passwd">',
    b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;"><!ENTITY e '
    b'"&y;&y;&y;&y;&y;&y;&y;&y;">]>', b'<?xml version="1.0" encoding="nonsense"?>',
)  # fmt: skip
_ANY: tuple[Change, ...] = (_flip, _cut_out, _cut_off, _repeat, _move, _insert, _around, _recoded)
_JSON: tuple[Change, ...] = (
    _json_value, _json_value, _json_value, _json_name, _json_number_in_text, _json_number_in_text,
    _json_twice, _json_wrapped, _json_escaped, _deep,
)  # fmt: skip
_XML: tuple[Change, ...] = (
    _xml_text, _xml_text, _xml_text, _xml_name, _xml_renamed, _xml_twice, _xml_within, _xml_within,
    _xml_tag, _xml_head, _deep,
)  # fmt: skip
_CHANGES: dict[str, tuple[Change, ...]] = {
    "json": (*_JSON, *_ANY),
    "xml": (*_XML, *_ANY),
    "multipart": (_line, _line, *_XML, *_ANY),
}
