"""Names that specs give: which are reserved, and what stands for one that is not documented."""

import keyword

__all__ = [
    "PROVISIONAL",
    "RESERVED_ARGUMENTS",
    "RESERVED_FIELDS",
    "UNDOCUMENTED",
    "is_reserved",
]

# How the names begin that stand in for names which a document does not give.
PROVISIONAL = "PROVISIONAL_"
# How a spec says that a document does not give a name.
UNDOCUMENTED = "undocumented"

# Attributes that every record has already, or that generated classes need.
RESERVED_FIELDS = frozenset({
    "bool", "bytes", "dict", "field", "frozenset", "int", "reading", "readings", "str", "tuple",
})  # fmt: skip

# Arguments that every method of a client has, and names that its body needs.
RESERVED_ARGUMENTS = frozenset({
    "dict", "format", "object", "operations", "self", "str", "strict", "timeout_seconds", "values",
})  # fmt: skip

# Words that are keywords in some places only; which of them are differs between versions.
_SOFT_KEYWORDS = frozenset({"_", "case", "match", "type"})


def is_reserved(name: str) -> bool:
    """Whether some version of Python keeps ``name`` for itself."""
    return keyword.iskeyword(name) or name in _SOFT_KEYWORDS
