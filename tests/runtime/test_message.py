from gridwright_runtime.message import Hidden, HttpRequest, RawReply


def test_a_request_shows_neither_query_nor_headers_nor_body() -> None:
    request = HttpRequest(
        method="POST",
        url="https://a.example/SECRET",
        safe_url="https://a.example/{custNo}",
        query=(("k", "SECRET"),),
        headers=(("X", "SECRET"),),
        body=b"SECRET",
        sensitive=Hidden(("SECRET",)),
    )
    assert repr(request) == str(request) == "HttpRequest(POST https://a.example/{custNo})"
    assert repr(request.sensitive) == "<1 hidden values>"


def test_a_raw_reply_shows_neither_headers_nor_body() -> None:
    raw = RawReply(status_code=200, headers=(("Set-Cookie", "SECRET"),), body=b"SECRET")
    assert repr(raw) == str(raw) == "RawReply(status_code=200, body=<6 bytes>)"


def test_headers_are_found_whatever_their_case() -> None:
    raw = RawReply(status_code=200, headers=(("Content-Type", "text/xml"), ("a", "1"), ("A", "2")))
    assert raw.content_type == "text/xml"
    assert raw.header("A") == "1"
    assert raw.header("b") is None
    assert RawReply(status_code=200).content_type == ""


def test_an_address_without_a_query_has_no_question_mark() -> None:
    request = HttpRequest(method="GET", url="https://a.example/b", safe_url="")
    assert request.full_url == "https://a.example/b"
