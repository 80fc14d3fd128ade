"""Both systems of Kansai: facts that a second reading of the documents set right."""

import pytest

from .support import amendment, facts, field

SYSTEMS = ("kansai_kakusyu", "kansai_takusou")


@pytest.mark.parametrize("system", SYSTEMS)
def test_status_500_has_the_description_of_the_table(system: str) -> None:
    [status] = [one for one in facts(system)["statuses"] if one["code"] == 500]
    assert status["note"] == status["label"] == "サービスの内部処理でエラー発生"


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_base_address_is_printed_with_a_slash_and_used_without(system: str) -> None:
    [(_, printed, _)] = amendment(system, "slash-of-the-base-address")["changes"]
    [server] = facts(system)["servers"]
    assert printed == server["address"] + "/"
    assert server["doubtful"]


def test_the_request_id_is_a_number_that_only_grows() -> None:
    fields = facts("kansai_kakusyu")["soap"]["fields"]
    [source] = [one["source"] for one in fields if one["field"]["wire"] == "requestID"]
    assert source == "serial"


APPLICATIONS = (
    "CompanyEquipmentApplication",
    "CustomerEquipmentApplication",
    "PowerOutageApplication",
    "OtherApplication",
    "MenuChangeApplication",
)


@pytest.mark.parametrize("record", APPLICATIONS)
def test_the_login_id_is_an_item_of_each_application_and_filled_in(record: str) -> None:
    found = field("kansai_kakusyu", record, "ログインID")
    assert (found["name"], found["credential"], found["personal"]) == ("login_id", "login_id", True)
