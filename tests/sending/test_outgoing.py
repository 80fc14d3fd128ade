"""What a client hands to httpx2 is what httpx2 would build, whatever the way that it takes."""

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridwright_runtime.message import HttpRequest
from gridwright_runtime.sending.outgoing import NotSendable, outgoing

ADDRESS = "http://127.0.0.1:8080/services/one"
NAMES = ["Content-Type", "Accept", "accept", "USER-AGENT", "SOAPAction", "Token", "Host"]
LENGTHS = ["Content-Length", "content-length", "Transfer-Encoding"]


def requests() -> st.SearchStrategy[HttpRequest]:
    field = st.tuples(
        st.sampled_from(NAMES + LENGTHS), st.sampled_from(["", "7", "text/xml; charset=UTF-8"])
    )
    return st.builds(
        HttpRequest,
        method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
        url=st.sampled_from([ADDRESS, ADDRESS + "/%E6%97%A5"]),
        safe_url=st.just(ADDRESS),
        query=st.sampled_from([(), (("key", "값 1"),)]),
        headers=st.lists(field, max_size=5).map(tuple),
        body=st.sampled_from([None, b"", b"<a/>", b"\xff" * 70_000]),
    )


def built_by_httpx2(http: httpx2.Client, request: HttpRequest) -> httpx2.Request:
    assert request.body is None or isinstance(request.body, bytes)
    return http.build_request(
        request.method,
        request.full_url,
        headers=list(request.headers),
        content=request.body,
        timeout=httpx2.Timeout(7.0, pool=None),
    )


@given(request=requests(), cookies=st.sampled_from([{}, {"session": "1"}]))
def test_a_request_is_the_one_that_httpx2_would_build(
    request: HttpRequest, cookies: dict[str, str]
) -> None:
    with httpx2.Client(transport=httpx2.MockTransport(_ok), cookies=cookies) as http:
        ours, theirs = outgoing(http, request, 7.0), built_by_httpx2(http, request)
    assert (ours.method, ours.url) == (theirs.method, theirs.url)
    assert ours.headers.raw == theirs.headers.raw
    assert ours.content == theirs.content
    assert ours.extensions == theirs.extensions


@pytest.mark.parametrize("name", ["naïve", "名"])
def test_a_header_that_is_no_ascii_is_refused_either_way(name: str) -> None:
    request = HttpRequest(
        method="POST", url=ADDRESS, safe_url=ADDRESS, headers=((name, "1"),), body=b"{}"
    )
    with httpx2.Client(transport=httpx2.MockTransport(_ok)) as http:
        with pytest.raises(NotSendable, match="outside ASCII"):
            outgoing(http, request, 7.0)
        with pytest.raises(UnicodeEncodeError):
            built_by_httpx2(http, request)


def _ok(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200)


@pytest.mark.parametrize(
    ("method", "body", "cookies"),
    [
        ("GET", None, {}),
        ("GET", None, {"session": "SECRET"}),
        ("POST", b"SECRET", {}),
        ("POST", b"", {}),
        ("POST", None, {}),
        ("POST", b"SECRET", {"session": "SECRET"}),
    ],
)
def test_a_request_shows_no_address_and_no_header_whatever_its_way(
    method: str, body: bytes | None, cookies: dict[str, str]
) -> None:
    request = HttpRequest(
        method=method,
        url=ADDRESS + "/SECRET",
        safe_url=ADDRESS + "/{CitizenID}",
        query=(("key", "SECRET"),),
        headers=(("Token", "SECRET"),),
        body=body,
    )
    with httpx2.Client(transport=httpx2.MockTransport(_ok), cookies=cookies) as http:
        built = outgoing(http, request, 7.0)
    assert repr(built) == f"<Outgoing {method}>"
    assert "SECRET" not in f"{built}{built!r}"
