"""Find the words by which a provider tells of a failure, where no document says how it does.

Only what goes by a name that services use for that is taken, and never what else the body holds:
it may be anybody's data.
"""

from collections.abc import Iterator, Mapping

from ..codecs.body import Kind, MalformedBody
from ..codecs.json_codec import decode_plain
from ..message import RawReply

__all__ = ["words_given"]


def words_given(raw: RawReply, kind: Kind) -> str | None:
    """Return what the body of a failure says of it; None: nothing that is known to be words."""
    if not 0 < len(raw.body) <= _LONGEST_BODY:
        return None
    try:
        if kind == "json":
            tree = decode_plain(raw.body, raw.content_type)
        elif kind == "xml":
            tree = _xml_tree(raw)
        else:
            return None
    except MalformedBody:
        return None
    found = dict.fromkeys(text.strip() for text in _texts(tree, 0) if text.strip())
    return "; ".join([*found][:_MOST_TEXTS])[:_MOST_SAID] or None


def _texts(tree: object, depth: int) -> Iterator[str]:
    """Yield the words in an object or a list of objects."""
    if depth > _DEEPEST:
        return
    for one in tree if isinstance(tree, list) else (tree,):
        if not isinstance(one, Mapping):
            continue
        for name, value in one.items():
            word = name.replace("_", "").replace("-", "").casefold()
            if word in _WORDS:
                yield from _said(value, depth)
            elif word in _HOLDERS:
                yield from _texts(value, depth + 1)


def _said(value: object, depth: int) -> Iterator[str]:
    """Yield what stands under a name of words: a text, texts, or objects that hold words."""
    for one in value if isinstance(value, list) else (value,):
        if isinstance(one, str):
            yield one
        else:
            yield from _texts(one, depth + 1)


def _xml_tree(raw: RawReply) -> object:
    # XML is slow to import, and JSON does without.
    from ..codecs.xml_codec import local_name, open_xml, plain
    from .xml.walk import parsed

    root = parsed(open_xml(raw.body, raw.content_type))
    return {local_name(root): plain(root) if len(root) else root.text}


_WORDS = frozenset(
    {
        "detail",
        "details",
        "error",
        "errordescription",
        "errormessage",
        "errors",
        "errortext",
        "faultstring",
        "message",
        "messages",
        "msg",
        "reason",
        "title",
    }
)
_HOLDERS = frozenset({"errorresponse", "fault", "problem"})
_DEEPEST = 4
_MOST_TEXTS = 5
_MOST_SAID = 1000
_LONGEST_BODY = 65_536
