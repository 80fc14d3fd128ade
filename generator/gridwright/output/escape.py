"""Escape the texts of a spec for each output language: one function each, and no other way.

A spec's text is hostile input. Names of ours come from an allow-list and need no escaping.
"""

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = [
    "html",
    "markdown",
    "markdown_code",
    "python_choices",
    "python_docstring",
    "python_mapping",
    "python_text",
]

# What makes a list, or a line across the page, of a paragraph that begins with it.
_MARKDOWN_LIST = re.compile(r"^([0-9]{1,9}(?=[.)])|(?=[-+]))(.)(?=[\s-]|$)")
_HTML = str.maketrans({
    "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "`": "&#96;",
})  # fmt: skip
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~$&!])")


def python_text(text: str) -> str:
    """Return a Python literal of ``text``."""
    return repr(text)


def python_texts(texts: Sequence[str]) -> str:
    """Return a literal of a tuple of texts."""
    inside = ", ".join(map(python_text, texts))
    return f"({inside},)" if len(texts) == 1 else f"({inside})"


def python_mapping(values: Mapping[str, str]) -> str:
    """Return a Python literal of a mapping of texts, in its order."""
    return f"{{{', '.join(f'{k!r}: {v!r}' for k, v in values.items())}}}"


def python_choices(values: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Return a Python literal of a mapping from texts to tuples of texts, in its order."""
    shown = (f"{key!r}: ({', '.join(map(repr, choices))},)" for key, choices in values)
    return f"{{{', '.join(shown)}}}"


def python_docstring(text: str, indent: int = 4, width: int = 96) -> str:
    """Return a docstring literal of ``text``, wrapped; blank lines separate paragraphs.

    Backslashes and quotes of the text stay what they are, and cannot end the literal.
    A paragraph that holds line breaks keeps them.
    """
    margin = " " * indent
    paragraphs = [
        "\n".join(_wrapped(paragraph, width - indent)) for paragraph in text.strip().split("\n\n")
    ]
    lines = "\n\n".join(paragraphs).split("\n")
    body = "\n".join(margin + line if line else "" for line in lines).strip()
    text_of_body = body.rstrip('"')
    quotes = len(body) - len(text_of_body)
    body = text_of_body.replace("\\", "\\\\").replace('"""', '\\"\\"\\"') + '\\"' * quotes
    if "\n" not in body:
        return f'"""{body}"""'
    return f'"""{body}\n{margin}"""'


def _wrapped(paragraph: str, width: int) -> Iterator[str]:
    """Wrap a paragraph; one that holds line breaks keeps them, with hanging indents."""
    hanging = "\n" in paragraph
    for line in paragraph.split("\n") if hanging else [" ".join(paragraph.split())]:
        before = line[: len(line) - len(line.lstrip())]
        yield from textwrap.wrap(
            " ".join(line.split()), width, initial_indent=before,
            subsequent_indent=f"{before}    " if hanging else before,
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip


def html(text: str) -> str:
    """Return ``text`` for an element or a quoted attribute of an HTML page.

    What a browser would obey instead of showing it, such as a bidirectional mark, is spelt out.
    """
    shown = text if text.replace("\t", "").isprintable() else "".join(map(_visible, text))
    return shown.translate(_HTML)


def _visible(character: str) -> str:
    if character == "\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return character
    return f"⟨U+{ord(character):04X}⟩"


def markdown(text: str) -> str:
    """Return ``text`` so that Markdown shows it as it is, in a paragraph or a table cell."""
    flat = _MARKDOWN_SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return (
        _MARKDOWN_LIST.sub(r"\1\\\2", flat)
        .replace("\\<", "&lt;")
        .replace("\\>", "&gt;")
        .replace("\\&", "&amp;")
        .replace("\\|", "&#124;")
    )


def markdown_code(text: str) -> str:
    """Return ``text`` as inline code that also fits a table cell."""
    flat = " ".join(text.split())
    if not flat:
        return ""
    if "|" in flat or "`" in flat:
        escaped = flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        escaped = re.sub(r"([\\`*_\[\]~$])", lambda m: f"&#{ord(m[1])};", escaped)
        return f"<code>{escaped.replace('|', '&#124;')}</code>"
    return f"`{flat}`"
