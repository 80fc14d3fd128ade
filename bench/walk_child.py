"""One measured process of `epias_walk`: ``python -m bench.walk_child RECORDS``; Linux only.

Walks all records of an invented service through the client, tickets included, and prints how far
the resident memory had risen at its highest when a tenth of the records had come, and when all had.
"""

import ctypes
import json
import sys

import httpx2

from bench import index_bodies
from bench.memory_child import resident, settle_and_reset
from gridwright_apis.epias_ecms import Client
from gridwright_apis.epias_ecms.models import IndexSearchCriteria

_PAGES = 100


def main(total: int) -> None:
    """Measure, and print what was found as JSON."""
    with _client(_Service(3)) as client:
        list(client.iter_index_readings(criteria=IndexSearchCriteria(), page_size=2))
    service = _Service(total)
    with _client(service) as client:
        before = settle_and_reset(ctypes.CDLL(None))
        early, wanted = 0, 1
        walk = client.iter_index_readings(
            criteria=IndexSearchCriteria(), page_size=max(total // _PAGES, 2)
        )
        for record in walk:
            if record.index_id != wanted:
                raise AssertionError(f"record {record.index_id} came in place of {wanted}")
            if wanted == total // 10:
                early = resident("VmHWM") - before
            wanted += 1
        found = {
            "early_bytes": early,
            "bytes": resident("VmHWM") - before,
            "records": wanted - 1,
            "requests": service.requests,
            "tickets": service.tickets,
        }
    sys.stdout.write(json.dumps(found))


class _Service:
    """A ticket server and a search that makes each page when it is asked for."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.requests = 0
        self.tickets = 0

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/tickets"):
            return httpx2.Response(201, text="TGT-invented")
        if "/tickets/" in request.url.path:
            self.tickets += 1
            return httpx2.Response(200, text=f"ST-{self.tickets}-invented")
        self.requests += 1
        wanted = json.loads(request.content)["body"]["range"]
        first, last = wanted["begin"], min(wanted["end"], self.total)
        page = index_bodies.indexes(max(last - first + 1, 0), first)
        headers = {"content-type": "application/json"}
        content = index_bodies.json_body(page, self.total)
        return httpx2.Response(200, headers=headers, content=content)


def _client(service: _Service) -> Client:
    return Client(
        username="demo-username",
        password="demo-password",
        environment="test",
        transport=httpx2.MockTransport(service.answer),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
