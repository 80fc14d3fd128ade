"""Read header fields of MIME parts as services write them, also wrong ones. Never raises."""

import re
from email.errors import MessageError
from email.header import decode_header, make_header
from urllib.parse import unquote_to_bytes

from ..codecs.charsets import decode, python_charset

__all__ = ["header_fields", "value_and_parameters", "words"]


def header_fields(block: bytes) -> tuple[tuple[str, str], ...] | None:
    """Return names in small letters and unfolded values; None where a line is no header field."""
    text = _decoded(block)
    fields: list[tuple[str, str]] = []
    for line in _FOLD.sub(" ", text).split("\n"):
        if not line.strip(" \t\r"):
            continue
        name, colon, value = line.partition(":")
        if not colon or not _NAME.fullmatch(name.rstrip(" \t")):
            return None
        fields.append((name.rstrip(" \t").lower(), value.strip(" \t\r")))
    return tuple(fields)


def value_and_parameters(value: str) -> tuple[str, dict[str, str]]:
    """Split ``form-data; name="x"`` into the value and its parameters, by name in small letters.

    Parameters may be quoted, continued over several (``name*0``), or name their charset
    (``name*``), which wins over a plain one of the same name. Of two alike the first counts.
    """
    first = _FIRST.match(value)
    main = (first[0] if first else "").strip()
    plain: dict[str, str] = {}
    extended: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for found in _PARAMETER.finditer(value, first.end() if first else 0):
        if found[1] is None:
            continue
        name, text = found[1].lower(), _unquoted(found[2])
        continued = _CONTINUED.fullmatch(name)
        if continued:
            at = pieces.setdefault(continued[1], {})
            at.setdefault(int(continued[2]), (text, bool(continued[3])))
        elif name.endswith("*"):
            extended.setdefault(name[:-1], _extended(text))
        else:
            plain.setdefault(name, text)
    joined = {name: _join_parts(by_number) for name, by_number in pieces.items()}
    return main, {**plain, **joined, **extended}


def words(text: str) -> str:
    """Decode a text that mail libraries wrote as ``=?UTF-8?B?…?=``."""
    if "=?" not in text or len(text) > _MOST_WORDS:
        return text
    try:
        return str(make_header(decode_header(text)))
    except (MessageError, LookupError, ValueError):
        return text


def _decoded(block: bytes) -> str:
    """Decode header lines; besides UTF-8, Japanese systems write names of files in CP932."""
    for charset in ("utf-8", "cp932"):
        text = decode(block, charset)
        if text is not None:
            return text
    return block.decode("latin-1")


def _unquoted(value: str) -> str:
    value = value.strip()
    if value[:1] != '"':
        return value
    # Browsers write a backslash as it is, so it only counts before what must be escaped.
    return value[1:].removesuffix('"').replace('\\"', '"')


def _extended(value: str) -> str:
    """Decode ``UTF-8''%e6%96%87``."""
    charset, mark, rest = value.partition("'")
    _language, second, text = rest.partition("'")
    return _percent_decoded(text, charset) if mark and second else value


def _percent_decoded(text: str, charset: str) -> str:
    raw = unquote_to_bytes(text.encode("utf-8", "replace"))
    decoded = decode(raw, python_charset(charset) or "utf-8")
    return raw.decode("latin-1") if decoded is None else decoded


def _join_parts(by_number: dict[int, tuple[str, bool]]) -> str:
    in_order = [by_number[number] for number in sorted(by_number)]
    if not in_order[0][1]:
        return "".join(text for text, _ in in_order)
    charset, _mark, rest = in_order[0][0].partition("'")
    in_order[0] = (rest.partition("'")[2], True)
    return _percent_decoded(
        "".join(text if encoded else text.replace("%", "%25") for text, encoded in in_order),
        charset,
    )


_MOST_WORDS = 1000  # the search for words takes quadratic time
_FOLD = re.compile(r"\r?\n[ \t]+")
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FIRST = re.compile(r"[^;]*")
# Where a backslash before the last quote escapes nothing, the second form of quotes fits.
_PARAMETER = re.compile(
    r";\s*(?:([^\s;=\"]+)\s*=\s*"
    r"(\"(?:[^\"\\]|\\.)*\"(?=\s*(?:;|$))|\"[^\"]*\"(?=\s*(?:;|$))|[^;]*))?",
    re.DOTALL,
)
_CONTINUED = re.compile(r"([^*]+)\*([0-9]{1,3})(\*?)")
