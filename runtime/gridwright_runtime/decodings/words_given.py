"""Find the words by which a provider tells of a failure, where no document says how it does.

Only what goes by a name that services use for that is taken, and never what else the body holds:
it may be anybody's data.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from ..codecs.body import Kind, MalformedBody
from ..codecs.json_codec import decode_plain
from ..interface import Operation
from ..message import RawReply
from ..record import Record
from ..values.convert import shape_of

__all__ = ["names_asked", "spelled_names", "words_given"]


def words_given(raw: RawReply, kind: Kind, asked: Collection[str] = ()) -> str | None:
    """Return what the body of a failure says of it; None: nothing that is known to be words.

    Args:
        raw: the reply.
        kind: what its body is.
        asked: the names of what was sent, as `names_asked` returns them: what is wrong with a value
            may stand under its name.
    """
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
    texts = [*_texts(tree, asked, 0), *_alone(tree, asked)]
    found = dict.fromkeys(text.strip() for text in texts if text.strip())
    return "; ".join([*found][:_MOST_TEXTS])[:_MOST_SAID] or None


def names_asked(operation: Operation[Any]) -> frozenset[str]:
    """Return the names of what a call sends, as services spell them one way or another."""
    names = {part.wire for part in operation.request.parts}
    models: list[type[Record]] = [operation.request.model]
    for model in models:  # those that are found are added at its end
        for field in shape_of(model).fields:
            names.add(field.wire)
            if field.model is not None and field.model not in models:
                models.append(field.model)
    return spelled_names(names)


def spelled_names(names: Iterable[str]) -> frozenset[str]:
    """Return names as `words_given` compares them."""
    return frozenset(map(_spelled, names))


def _texts(tree: object, asked: Collection[str], depth: int) -> Iterator[str]:
    """Yield the words in an object or a list of objects."""
    if depth > _DEEPEST:
        return
    for one in tree if isinstance(tree, list) else (tree,):
        if not isinstance(one, Mapping):
            continue
        for name, value in one.items():
            word = _spelled(name)
            if word in _WORDS:
                yield from _said(value, asked, depth)
            elif word in _HOLDERS:
                yield from _texts(value, asked, depth + 1)


def _said(value: object, asked: Collection[str], depth: int) -> Iterator[str]:
    """Yield what stands under a name of words: a text, texts, or objects that hold words."""
    for one in value if isinstance(value, list) else (value,):
        if isinstance(one, str):
            yield one
            continue
        yield from _texts(one, asked, depth + 1)
        if isinstance(one, Mapping):
            yield from _of_arguments(one, asked)


def _of_arguments(found: Mapping[str, object], asked: Collection[str]) -> Iterator[str]:
    """Yield what an object says under the names of what was sent: a text or texts for each."""
    for name, value in found.items():
        word = _spelled(name)
        said = value if isinstance(value, list) else [value]
        texts = [one.strip() for one in said if isinstance(one, str)]
        if word in asked and word not in _WORDS and len(texts) == len(said):
            yield from (f"{name}: {text}" for text in texts if text)


def _alone(tree: object, asked: Collection[str]) -> Iterator[str]:
    """Yield what a body says that holds nothing but lists of texts: else it may be data."""
    if isinstance(tree, Mapping) and all(isinstance(one, list) for one in tree.values()):
        yield from _of_arguments(tree, asked)


def _spelled(name: str) -> str:
    """Return a name, or the last of a path, without what differs between two spellings of it."""
    return name.rpartition(".")[2].replace("_", "").replace("-", "").casefold()


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
        "nonfielderrors",
        "reason",
        "title",
    }
)
_HOLDERS = frozenset({"errorresponse", "fault", "problem"})
_DEEPEST = 4
_MOST_TEXTS = 5
_MOST_SAID = 1000
_LONGEST_BODY = 65_536
