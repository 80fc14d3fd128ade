"""Which names of files are sent, and how names come that a Mac wrote."""

from pathlib import Path

import pytest

from gridwright_runtime.multipart.attachment import Attachment
from gridwright_runtime.multipart.file_names import composed, refused_character
from gridwright_runtime.multipart.part import PartHead
from gridwright_runtime.multipart.upload import Upload
from gridwright_runtime.requests.build_checks import _attachment_faults

DECOMPOSED = "\u30ab\u3099\u30b9.pdf"  # two marks for one letter
COMPOSED = "\u30ac\u30b9.pdf"
NAMES = [
    "plan.pdf",
    "\u5358\u7dda\u7d50\u7dda\u56f3\u3000\u6539\u8a02.pdf",
    "Screenshot 2024-10-01 at 9.00.00\u202fPM.png",
    "site\U0001f468\u200d\U0001f527.jpg",
    "a\u00a0b.pdf",
    "\u0645\u06cc\u200c\u062e.pdf",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_all_scripts_and_blanks_are_sent(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"%PDF")
    assert Upload(path).filename == name
    assert list(_attachment_faults(Attachment(content=path, filename=name))) == []


@pytest.mark.parametrize(
    ("character", "called"),
    [
        ("\x00", "U+0000"),
        ("\x07", "U+0007"),
        ("\n", "U+000A"),
        ("\x85", "U+0085"),
        ("\u2028", "U+2028"),
        ("\u202e", "U+202E"),
        ("\u2067", "U+2067"),
        ("\ufffe", "U+FFFE"),
        ("\udc81", "U+DC81"),
    ],
)
def test_a_name_with_a_character_that_none_may_have_is_refused_by_its_number(
    character: str, called: str
) -> None:
    name = f"a{character}b\u3000.pdf"
    assert refused_character(name) == called
    with pytest.raises(ValueError, match=f"filename holds {called.replace('+', '.')}"):
        Upload(b"", filename=name)
    [(rule, message)] = _attachment_faults(Attachment(content=b"", filename=name))
    assert rule == "control-character"
    assert called in message


def test_letters_in_pieces_are_put_together_on_both_ways() -> None:
    assert composed(DECOMPOSED) == COMPOSED
    assert Upload(b"", filename=DECOMPOSED).filename == COMPOSED
    head = PartHead((("content-disposition", f'attachment; filename="{DECOMPOSED}"'),))
    assert head.filename == COMPOSED
