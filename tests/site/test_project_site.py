"""The site of this project: whole, the same whenever it is built, and asking nobody else."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest

from gridwright.catalogue import CATALOGUE
from gridwright.diff.catalogue import CATALOGUE as RULES
from gridwright.load import find_systems
from gridwright.pipeline import interface_of
from gridwright.site.build import Site, SiteOptions, build_site

ROOT = Path(__file__).parents[2]
SPECS = ROOT / "specs"


@pytest.fixture(scope="module")
def site() -> Site:
    made = build_site(SiteOptions(specs=SPECS, systems=find_systems(SPECS), project=ROOT))
    assert made.problems == ()
    return made


@pytest.fixture(scope="module")
def pages(site: Site) -> Mapping[str, str]:
    return {artifact.path: artifact.text for artifact in site.artifacts}


class Reader(HTMLParser):
    """What a page links to, what it asks for, and its anchors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.asked: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(found["id"] or "")
        if tag == "a" and "href" in found:
            self.links.append(found["href"] or "")
        else:
            self.asked += [found[name] or "" for name in ("href", "src") if name in found]


@pytest.fixture(scope="module")
def read(pages: Mapping[str, str]) -> Mapping[str, Reader]:
    return {path: Reader(text) for path, text in pages.items() if path.endswith(".html")}


def test_every_link_of_every_page_leads_somewhere(read: Mapping[str, Reader]) -> None:
    dead = []
    for path, page in read.items():
        for link in page.links:
            if re.match(r"https?://|mailto:", link):
                continue
            target, _, anchor = urljoin(f"/{path}", link).partition("#")
            found = read.get(unquote(target).lstrip("/"))
            if found is None or (anchor and unquote(anchor) not in found.ids):
                dead.append((path, link))
    assert dead == []


def test_no_page_has_an_anchor_twice(read: Mapping[str, Reader]) -> None:
    twice = {path: ids for path, page in read.items() if (ids := repeated(page.ids))}
    assert twice == {}


def repeated(values: list[str]) -> set[str]:
    return {value for value in values if values.count(value) > 1}


def test_pages_ask_for_nothing_but_files_of_the_site(
    read: Mapping[str, Reader], pages: Mapping[str, str]
) -> None:
    for path, page in read.items():
        root = "../" * path.count("/")
        assert set(page.asked) == {"data:,", f"{root}site.css", f"{root}site.js"}, path
    for name in ("site.css", "site.js"):
        assert not re.search(r"https?:|//[a-z]|url\(|@import", pages[name].replace("// ", ""))


def test_a_page_runs_no_script_but_the_sites_own(pages: Mapping[str, str]) -> None:
    page = pages["index.html"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:" in page
    assert "<style" not in page and not re.search(r"<[^>]+ (style|on\w+)=", page)


def index(pages: Mapping[str, str]) -> dict[str, list[list[object]]]:
    text = pages["search.js"].removeprefix("var GRIDWRIGHT_INDEX = ").removesuffix(";\n")
    found: dict[str, list[list[object]]] = json.loads(text)
    return found


def names(pages: Mapping[str, str], where: str) -> set[str]:
    data = index(pages)
    return {
        str(name)
        for place, _, row_names, *_ in data["names"]
        if str(data["pages"][int(str(place))][0]).startswith(where)
        for name in (row_names if isinstance(row_names, list) else [])
    }


def wanted_names(system: str) -> set[str]:
    """Return what somebody who has the document of a system may look for."""
    interface, problems = interface_of(SPECS, system)
    assert interface is not None and problems == ()
    used = {
        record.name: record
        for operation in interface.operations
        for start in (
            *operation.reply.records,
            *((operation.body.record,) if operation.body is not None else ()),
        )
        for record in interface.reachable(start)
    }
    fields = [field for record in used.values() for field in record.fields]
    wanted = {word for field in fields for word in (field.name, field.wire, field.label)}
    sent = [p.field for operation in interface.operations for p in operation.parameters]
    wanted |= {word for field in sent for word in (field.wire, field.label)}
    wanted |= {p.field.name for o in interface.operations for p in o.parameters if p.is_argument}
    for operation in interface.operations:
        wanted |= {operation.name, operation.wire_name, operation.label}
    for codes in interface.codes:
        wanted |= {word for code in codes.values for word in (code.value, code.label)}
    return {" ".join(word.split()) for word in wanted} - {"", "."}


@pytest.mark.parametrize("system", find_systems(SPECS))
def test_the_names_of_a_system_are_all_in_the_index(pages: Mapping[str, str], system: str) -> None:
    missing = wanted_names(system) - names(pages, f"systems/{system}/")
    assert missing == set()


def test_diagnostics_and_rules_are_in_the_index_and_have_an_address(
    read: Mapping[str, Reader], pages: Mapping[str, str]
) -> None:
    assert set(CATALOGUE) <= names(pages, "docs/diagnostics")
    assert set(CATALOGUE) <= set(read["docs/diagnostics.html"].ids)
    rules = set(RULES)
    assert rules <= names(pages, "docs/diff-rules")
    assert rules <= set(read["docs/diff-rules.html"].ids)


def test_the_page_of_all_names_lists_what_the_search_knows(
    read: Mapping[str, Reader], pages: Mapping[str, str]
) -> None:
    listed = {unescape(name) for name in re.findall(r"<dt>(.*?)</dt>", pages["names.html"])}
    assert {"고객번호", "供給地点特定番号", "ชื่อผู้ใช้ไฟฟ้า", "custNo", "unknown-unit"} <= listed
    assert len(listed) == len(names(pages, ""))


def test_a_field_says_type_size_unit_codes_line_and_amendments(pages: Mapping[str, str]) -> None:
    page = pages["systems/kepco_opm/get_customer_info.html"]
    (row,) = re.findall(r'<tr id="reply\.etong_cd">.*?</tr>', page, re.DOTALL)
    assert 'href="codes.html#meter_kind"' in row and "line 602" in row and ">15<" in row
    (row,) = re.findall(r'<tr id="reply\.meter">.*?</tr>', page, re.DOTALL)
    assert 'href="amendments.html#observed-meter-number-name"' in row


BUILD = """
import hashlib, sys
from pathlib import Path
from gridwright.load import find_systems
from gridwright.site.build import SiteOptions, build_site
root = Path(sys.argv[1])
specs = root / "specs"
made = build_site(SiteOptions(specs=specs, systems=find_systems(specs), project=root))
whole = "".join(f"{a.path}\\n{a.text}" for a in made.artifacts)
print(hashlib.sha256(whole.encode()).hexdigest())
"""


def test_bytes_do_not_depend_on_hashes_locale_or_folder(site: Site, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(ROOT)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "Asia/Bangkok"},
        capture_output=True,
        text=True,
        check=True,
    )
    whole = "".join(f"{artifact.path}\n{artifact.text}" for artifact in site.artifacts)
    assert done.stdout.strip() == hashlib.sha256(whole.encode()).hexdigest()
