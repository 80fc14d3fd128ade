"""Find the value of a part in the place where it travels."""

from collections.abc import Mapping

from ...interface import Part
from .incoming import IncomingRequest

__all__ = ["PartValues", "text_of"]


class PartValues:
    """A request, opened as far as it could be."""

    __slots__ = (
        "_query", "incoming", "path", "soap_blocks", "soap_header", "soap_security", "tree"
    )  # fmt: skip

    def __init__(
        self,
        incoming: IncomingRequest,
        path: Mapping[str, str],
        *,
        reads_forms_as_queries: bool = False,
        tree: Mapping[str, object] | None = None,
        soap_header: Mapping[str, object] | None = None,
        soap_blocks: Mapping[str, Mapping[str, object]] | None = None,
        soap_security: str = "",
    ) -> None:
        self.incoming = incoming
        self.path = path
        self.tree = tree or {}
        """The body."""
        self.soap_header = soap_header or {}
        self.soap_blocks = soap_blocks or {}
        self.soap_security = soap_security
        """The token of WS-Security; empty: there is none."""
        query = [*incoming.query, *(incoming.form_pairs if reads_forms_as_queries else ())]
        self._query: dict[str, list[str]] = {}
        for name, value in query:
            self._query.setdefault(name, []).append(value)

    def find(self, part: Part) -> object:
        """Return what stands in the place of a part; None where nothing does.

        Of two values of one name in a query the first counts.
        """
        if part.place == "query":
            found = self._query.get(part.wire)
            return found[0] if found else None
        match part.place:
            case "path":
                return self.path.get(part.wire)
            case "header":
                return self.incoming.headers.get(part.wire.lower())
            case "cookie":
                return self.incoming.cookies.get(part.wire)
            case "soap_header":
                if part.under:
                    return self.soap_blocks.get(part.under[0], {}).get(part.wire)
                return self.soap_header.get(part.wire)
            case "soap_security":
                return self.soap_security or None
            case "body":
                return _in_body(self.tree, part)

    def all_of(self, part: Part) -> object:
        """Return all values of a part that is a list."""
        if part.join:
            text = self.find(part)
            if isinstance(text, list) and len(text) == 1:
                text = text[0]
            return text.split(part.join) if isinstance(text, str) and text else text
        match part.place:
            case "query":
                return self._query.get(part.wire)
            case "header":
                return self.incoming.headers_called(part.wire) or None
            case "cookie":
                return self.incoming.cookies_called(part.wire) or None
        found = self.find(part)
        return found if found is None or isinstance(found, list) else [found]

    def __repr__(self) -> str:
        return "PartValues(***)"  # it holds logins


def text_of(value: object) -> str | None:
    """Return the text that a value is; None where it is none."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else None


def _in_body(tree: Mapping[str, object], part: Part) -> object:
    holder: object = tree
    for step in part.under:
        holder = holder.get(step) if isinstance(holder, Mapping) else None
    if part.pair is not None:
        key, value = part.pair
        for entry in holder if isinstance(holder, list) else [holder]:
            if isinstance(entry, Mapping) and entry.get(key) == part.wire:
                return entry.get(value)
        return None
    return holder.get(part.wire) if isinstance(holder, Mapping) else None
