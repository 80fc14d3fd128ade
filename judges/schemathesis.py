"""schemathesis asks the mock of each REST system what the document allows, and what it forbids."""

import json
import os
import re
from typing import Any
from urllib.parse import urlsplit

from judges.tools import FOREIGN, HOME, python_tool, run_tool
from judges.verdict import Judge, Mock, Verdict, failed, not_for, passed

__all__ = ["JUDGES"]

_EXAMPLES = int(os.environ.get("GRIDWRIGHT_JUDGE_EXAMPLES", "40"))
"""How many requests are invented for each operation and phase."""
_SEED = os.environ.get("GRIDWRIGHT_JUDGE_SEED", "1")
_BY_STATUS = ("ignored_auth", "negative_data_rejection", "positive_data_acceptance")
_ANY_METHOD = ("unsupported_method", "allow_header_conformance")
_SET_ASIDE = {
    # These judge by the status, and the service refuses inside HTTP 200, as its document says;
    # `refused` and `accepted_in_its_form` of schemathesis_hooks.py look into the body as well.
    # It also answers a POST as it does the GET of its document (field note F15).
    "kepco_opm": (*_BY_STATUS, *_ANY_METHOD),
    # Here likewise, but a ticket that is not good is refused by a status.
    "epias_ecms": ("negative_data_rejection", "positive_data_acceptance"),
    # Whoever asks for an application that there is not gets the one status that the document has
    # for a wrong request, 400, by which the check takes the form of the request for refused.
    "kansai_takusou": ("positive_data_acceptance",),
    # Its replies have a status and an error of their own, by which it refuses inside HTTP 200.
    "thai_moi_power": ("negative_data_rejection",),
}


def _schemathesis(mock: Mock) -> Verdict:
    document = mock.openapi
    if document is None:
        return not_for("SOAP")
    told = json.loads(document.read_text("utf-8"))
    path = urlsplit(told["servers"][0]["url"]).path.rstrip("/")
    linked = HOME / "work" / f"linked-{mock.system}.json"
    linked.parent.mkdir(parents=True, exist_ok=True)
    linked.write_text(json.dumps(_linked(told)), encoding="utf-8")
    command = [str(python_tool("schemathesis")), "run", str(linked), "--url", mock.url + path]
    command += ["--checks", "all"]
    if set_aside := _SET_ASIDE.get(mock.system):
        command += ["--exclude-checks", ",".join(set_aside)]
    command += ["--max-examples", str(_EXAMPLES), "--seed", _SEED, "--no-color", "--no-shrink"]
    command += ["--generation-database", "none", "--suppress-health-check", "all"]
    environment = {
        "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
        "PYTHONPATH": str(FOREIGN),
        "JUDGED_DOCUMENT": str(document),
        "JUDGED_ROOT": mock.url,
    }
    status, text = run_tool(command, folder=HOME / "work", environment=environment)
    (HOME / "work" / f"schemathesis-{mock.system}.txt").write_text(text, encoding="utf-8")
    counted = re.search(r"(\d[\d,]*) (?:generated|test cases|cases)[^\n]*", text)
    if status:
        said = re.findall(r"^- (.*)$", text, re.M)
        return failed("; ".join(dict.fromkeys(said))[:900] or text[-700:])
    return passed(counted[0] if counted else "")


def _linked(document: dict[str, Any]) -> dict[str, Any]:
    """Put links, which other tools cannot read, to where OpenAPI has them: for stateful tests."""
    for item in document["paths"].values():
        for operation in item.values():
            if links := operation["x-gridwright"].get("links"):
                operation["responses"]["200"]["links"] = links
    return document


JUDGES = (Judge("schemathesis", "stateful and negative testing of the mock", _schemathesis),)
