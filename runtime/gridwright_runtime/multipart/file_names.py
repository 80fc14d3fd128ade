"""Names of files as they are sent: which characters they may have, and in which form."""

__all__ = ["composed", "refused_character"]


def composed(name: str) -> str:
    """Return a name with each letter in one piece.

    A Mac writes the names of its files in pieces, such as a letter and its accent, which other
    systems take for another name, or cannot show.
    """
    if name.isascii():
        return name
    import unicodedata  # most names are plain

    return unicodedata.normalize("NFC", name)


def refused_character(name: str) -> str:
    """Return the first character that no name may have, such as ``U+0007``; empty for none.

    Those are control characters, line and paragraph ends, what turns the direction of writing
    round, so that a name looks like another, and halves of characters, of names in no encoding.
    Blanks of any width and what joins an emoji are parts of names.
    """
    if name.isprintable():
        return ""
    import unicodedata  # as above

    for character in name:
        category = unicodedata.category(character)
        is_refused = (
            category in _REFUSED or character in _TURNING or ord(character) & 0xFFFE == 0xFFFE
        )
        if is_refused:
            return f"U+{ord(character):04X}"
    return ""


_REFUSED = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
