"""A page in Markdown as HTML: anchors of headings and rows, names, and no HTML of its own."""

import pytest

from gridwright.site.markup import SitePage, page_of
from gridwright.site.sources import PageSource

FIELDS = """\
# `get_usage`: usage

## Request

| Python | Wire | Label | Meaning | Type |
|---|---|---|---|---|
| `meter_number` | `meterNo`, also `meter` | 계기번호 | meter number | text |

## Reply

| Python | Wire | Label | Meaning | Type |
|---|---|---|---|---|
| `meter_number` | `meterNo` | 계기번호 | meter number | text |
"""


def page(
    text: str, *, system: str = "", file: str = "docs/page.md", language: str = ""
) -> SitePage:
    return page_of(PageSource(file, "docs/page.html", text, system, language))


def codes_of(text: str) -> list[str]:
    return [problem.code for problem in page(text).problems]


def test_headings_have_the_anchors_of_git_hosts() -> None:
    made = page("# One\n\n## What's `new`, and why_not?\n\n## Twice\n\n## Twice\n\n## 고객 번호\n")
    assert made.title == "One"
    assert [section.anchor for section in made.sections] == [
        "one", "whats-new-and-why_not", "twice", "twice-1", "고객-번호",
    ]  # fmt: skip
    assert '<h2 id="twice-1">Twice</h2>' in made.html


def test_an_anchor_before_a_heading_becomes_that_of_the_heading() -> None:
    made = page('# Codes\n\n<a id="kind"></a>\n\n## `kind`: kinds\n')
    assert '<h2 id="kind">' in made.html and "<a id" not in made.html
    assert made.sections[1].anchor == "kind"


def test_a_field_has_an_anchor_by_section_and_wire_name() -> None:
    made = page(FIELDS, system="demo", language="ko")
    assert [row.anchor for row in made.rows] == ["request.meterNo", "reply.meterNo"]
    assert made.rows[0].names == ("meter_number", "meterNo", "meter", "계기번호")
    assert (made.rows[0].about, made.rows[0].section) == ("meter number", "Request")
    assert '<tr id="reply.meterNo">' in made.html
    assert '<td data-head="Label" lang="ko">계기번호</td>' in made.html


def test_a_row_of_a_page_of_the_project_has_the_anchor_of_its_name() -> None:
    made = page(
        "# Rules\n\n| Rule | Means | Do |\n|---|---|---|\n| `unit-added` | It is. | See |\n"
    )
    (row,) = made.rows
    assert (row.anchor, row.names, row.about) == ("unit-added", ("unit-added",), "It is.")


def test_rows_that_name_nothing_have_no_anchor() -> None:
    assert page("# A\n\n| B | C |\n|---|---|\n| plain | `code` |\n").rows == ()


def test_the_text_of_a_section_is_what_a_reader_sees() -> None:
    made = page("# A\n\nOne *two*\n`three`.\n\n```python\nfour()\n```\n\n## B\n\nfive\n")
    assert [section.text for section in made.sections] == ["One two three. four()", "five"]


def test_text_of_a_spec_stays_text() -> None:
    made = page("# A\n\n\\<script\\>alert(1)\\</script\\> `<img src=x>`\n")
    assert made.problems == ()
    assert "<script" not in made.html and "<img" not in made.html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "A <b onclick=x>word</b>.",
        '<a id="x" onclick="y"></a>',
        "![picture](https://example.com/a.png)",
    ],
)
def test_html_and_images_are_problems(text: str) -> None:
    assert codes_of(f"# A\n\n{text}\n")[0] == "page-html"
    assert page(f"# A\n\n{text}\n").problems[0].span.line == 3


def test_comments_are_left_out() -> None:
    made = page("<!-- secret -->\n# A\n\ntext <!-- more -->\n")
    assert made.problems == () and "<!--" not in made.html


def test_a_link_with_a_scheme_that_runs_is_no_link() -> None:
    assert "<a" not in page("# A\n\n[b](javascript:alert(1))\n").html
