"""Regular expressions are read alike by Python, JSON Schema and XSD, and end soon on any text."""

import re
import time

import pytest
from lxml import etree

from gridwright.notation.matching import MatchingError, letters_of, understood

TAKEN = [
    (r"\d{13}", ["0123456789012"], ["012345678901", "01234567890123", "٠١٢٣٤٥٦٧٨٩٠١٢"]),
    (r"^[A-Z]{2}\d+$", ["KE1"], ["ke1", "KE", "KE1\n", "xKE1"]),
    (r"KE[0-9]{2}|KB[0-9]{3}", ["KE01", "KB001"], ["KE001", "KB01"]),
    (r"^(AM|AT)$", ["AM"], ["AMAT"]),
    (r"\d{1,6}(\.\d{1,3})?", ["1", "1.250"], ["1.", ".5", "1,5"]),
    (r"[\w.+-]+@[\w-]+(\.[\w-]+)+", ["a.b@c.de"], ["a@b", "a b@c.de"]),
    (r"[^-\]\\]{2}", ["ab"], ["a-", "a]", "a\\"]),
    (r"\$[^^]\^\/", ["$a^/"], ["$^^/"]),
    (r"([A-Z]{2}-?){2,3}", ["AB-CD", "ABCDEF"], ["AB", "A-BCD"]),
    (r"a.c", ["abc", "a가c"], ["a\nc", "ac"]),
    (r"(?:ab)*c", ["c", "ababc"], ["abac"]),
    (r".*x", ["x", "axx"], ["xa"]),
]
REFUSED = [
    *(r"\s", r"\bA", r"\p{L}", r"(?=a)b", r"(?P<n>a)", r"(a)\1", r"a+?", r"a{2}{3}", r"a{,3}"),
    *(r"^a", r"a$", r"^a|b$", "a^b", "(a", "a)", "[a", "[]", "[z-a]", "*a", "a{2,1}", "a{0}", ""),
    *("a\tb", "🙂", r"\é", r"[\s]", "[[a]]"),
]
ENDLESS = [
    *("(a+)+b", "(a*)*b", "(a|a)*b", "(a|ab?b?)*c", "a*a*a*b", ".*a.*a.*", "(.*,)*x"),
    *("[0-9]{1,40}[0-9]{1,40}[0-9]{1,40}x", "(a?){40}", "(a|b|ab)*c", "([0-9]{100}){100}"),
]


def xsd_of(expression: str) -> etree.XMLSchema:
    element = _xs("element", _xs("simpleType", _xs("restriction", _xs("pattern"))))
    element.set("name", "v")
    element[0][0].set("base", "xs:string")
    element[0][0][0].set("value", expression)
    return etree.XMLSchema(_xs("schema", element))


def _xs(name: str, *children: etree._Element) -> etree._Element:
    space = "http://www.w3.org/2001/XMLSchema"
    made = etree.Element(f"{{{space}}}{name}", nsmap={"xs": space})
    made.extend(children)
    return made


@pytest.mark.parametrize(("text", "matching", "others"), TAKEN)
def test_python_and_xsd_match_the_same_texts(
    text: str, matching: list[str], others: list[str]
) -> None:
    expression = understood(text)
    xsd = xsd_of(expression)
    for value, wanted in [(v, True) for v in matching] + [(v, False) for v in others]:
        assert (re.fullmatch(expression, value) is not None) is wanted, value
        element = etree.Element("v")
        element.text = value
        assert xsd.validate(element) is wanted, value


@pytest.mark.parametrize(("text", "matching", "others"), TAKEN)
def test_an_expression_that_was_written_is_understood_as_it_is(
    text: str, matching: list[str], others: list[str]
) -> None:
    assert understood(understood(text)) == understood(text)


@pytest.mark.parametrize("text", REFUSED)
def test_what_languages_read_otherwise_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(MatchingError) as caught:
        understood(text)
    assert caught.value.message and caught.value.help


@pytest.mark.parametrize("text", ENDLESS)
def test_an_expression_that_some_text_never_ends_is_refused_at_once(text: str) -> None:
    began = time.process_time()
    with pytest.raises(MatchingError):
        understood(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("text", [text for text, _, _ in TAKEN])
def test_what_is_invented_matches(text: str) -> None:
    letters = letters_of(understood(text))
    for choice in (0, -1):
        assert re.fullmatch(understood(text), "".join(some[choice] for some in letters))


def test_what_is_invented_has_one_of_the_lengths() -> None:
    assert len(letters_of("[A-Z]+[0-9]*", ((4, 4), (6, None)))) == 4
    assert letters_of("[A-Z]{3}", ((4, 4),)) == ()
