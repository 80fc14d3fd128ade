"""Steps of logins: addresses filled, results found and carried, values told apart from texts."""

import pytest

from ..support import Place, Tree, bodies, codes_of, codes_with, put, services, without

STEP = ("auth", "steps", 0)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ((*STEP, "uses"), "once"),
        ((*STEP, "address"), "https://login.example.com/Authenticate/<AgentID>"),
        ((*STEP, "send"), {"ClientID": "a text"}),
        ((*STEP, "send"), {"ClientID": {"production": "credential.client_id"}}),
        ((*STEP, "read"), ["cookie sid"]),
        ((*STEP, "renew_when"), ["refused", "status 403", "resultType SECURITYERROR"]),
        ((*STEP, "lifetime"), {"read": "body expires_in", "unit": "s"}),
        (("auth", "present", "Token", "in"), "query"),
        (("auth", "present", "Token", "value"), "Bearer {step.session}"),
        (("auth", "present", "Other"), {"in": "cookie", "value": "step.session", "at": "6"}),
        (("auth", "names"), {"folder": "ticket_folder", "url": "ticket_url"}),
        (
            (*STEP, "request"),
            {
                "Authorization": {
                    "in": "header",
                    "basic": {"user": "credential.client_id", "password": ""},
                    "at": "6",
                }
            },
        ),
    ],
)
def test_a_login_takes_any_of_these(place: Place, value: Tree) -> None:
    assert codes_of(put(services(), place, value)) == []


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        ((*STEP, "address"), "/Authenticate", "parameter-without-place"),
        ((*STEP, "address"), "/Authenticate/<AgentID>/<Other>", "path-without-parameter"),
        ((*STEP, "body"), "none", "body-without-encoding"),
        ((*STEP, "success_status"), "2xx", "malformed-value"),
        ((*STEP, "read"), ["trailer sid"], "malformed-value"),
        ((*STEP, "renew_when"), ["often"], "malformed-value"),
        ((*STEP, "renew_when"), ["status 4"], "malformed-value"),
        (("auth", "present", "Token", "value"), "Bearer {step.ticket}", "unknown-step"),
        (("auth", "present", "Token", "value"), "step.session.part", "unknown-step"),
        (("auth", "present", "Token", "value"), "credential.key", "unknown-credential"),
        (("auth", "present", "Token", "operations"), ["nothing"], "unknown-operation"),
        (("auth", "present", "Token"), {"in": "header", "at": "6"}, "missing-key"),
    ],
)
def test_what_cannot_be_carried_out_is_reported(place: Place, value: Tree, code: str) -> None:
    assert code in codes_of(put(services(), place, value))


def test_the_name_of_a_credential_is_not_sent_as_a_text() -> None:
    told = {"client_id": "client_id", "other": "credential.client_id"}
    assert codes_of(put(services(), (*STEP, "send"), told)) == ["credential-as-text"]


def test_a_word_of_the_service_may_be_the_name_of_a_credential_that_is_carried() -> None:
    told = {"grant_type": "client_id", "id": "credential.client_id"}
    assert codes_of(put(services(), (*STEP, "send"), told)) == []


def test_a_step_sees_the_results_of_those_before_it_alone() -> None:
    place = (*STEP, "send", "username")
    assert codes_of(put(bodies(), place, "step.service_ticket")) == ["unknown-step"]


def test_a_result_that_nothing_carries_is_reported() -> None:
    assert codes_of(without(services(), ("auth", "present"))) == ["step-unused"]


def test_a_session_needs_no_known_end() -> None:
    assert codes_of(without(services(), (*STEP, "lifetime"))) == []


def test_braces_that_are_no_hole_are_text() -> None:
    assert codes_of(put(services(), ("auth", "present", "X"), {
        "in": "header", "value": "{not.a hole} {step.session}", "at": "6"
    })) == []  # fmt: skip


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"send": {"again": "step.session"}}, ""),
        ({"address": "/renew", "send": {"again": "step.session"}}, ""),
        ({"send": {"again": "yes"}}, "step-unused"),
        ({"send": {"again": "step.session.refresh"}}, "unknown-step"),
        ({"send": {"again": "step.grant"}}, "unknown-step"),
        ({"path": {"a": "step.session"}}, "parameter-without-place"),
        ({"success_status": "2xx", "send": {"again": "step.session"}}, "malformed-value"),
        ({"body": "none", "send": {"again": "step.session"}}, "body-without-encoding"),
    ],
)
def test_what_renews_a_result_carries_it_and_is_a_request_that_can_be_sent(
    said: Tree, code: str
) -> None:
    found = codes_of(put(services(), (*STEP, "renew"), said))
    assert code in found if code else not found


def test_what_serves_once_is_not_renewed() -> None:
    tree = put(services(), (*STEP, "renew"), {"send": {"again": "step.session"}})
    assert codes_of(put(tree, (*STEP, "uses"), "once")) == ["misplaced-key"]


def test_a_claim_says_how_long_a_token_lives_beside_what_renews_it() -> None:
    tree = put(services(), (*STEP, "read"), {"access": ["body a"], "refresh": ["body r"]})
    tree = put(tree, (*STEP, "lifetime"), {"read": "jwt exp", "pattern": "epoch_s"})
    tree = put(tree, ("auth", "present", "Token", "value"), "step.session.access")
    assert codes_of(tree) == ["malformed-value"]
    tree = put(tree, (*STEP, "renew"), {"send": {"again": "step.session.refresh"}})
    assert codes_of(tree) == []


@pytest.mark.parametrize(
    "address",
    ["http://cas.example.com/a", "cas.example.com", "https://a b", 'https://a/"', "https://u:p@a/b",
     "https://a/b\nc", ""],
)  # fmt: skip
def test_the_address_of_a_login_is_encrypted_and_nothing_more(address: str) -> None:
    place = ("auth", "steps", 0, "address", "production")
    assert codes_with(place, address) == ["not-an-address"]
