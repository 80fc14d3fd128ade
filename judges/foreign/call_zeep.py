"""Call every SOAP operation with zeep, by our WSDL: WSDL SHEET ROOT.

Prints one line for each operation: its name, ``ok`` and the type of the reply, or what was wrong.
"""

import json
import sys
from pathlib import Path

import zeep


def main(wsdl: str, sheet: str, root: str) -> None:
    """Call everything once."""
    client = zeep.Client(wsdl)
    for call in json.loads(Path(sheet).read_text("utf-8"))["calls"]:
        try:
            said = _called(client, call, root)
        except Exception as error:  # whatever it is, it is said
            said = f"{type(error).__name__}: {error}"
        print(call["name"], " ".join(said.split())[:300])


def _called(client, call, root: str) -> str:  # type: ignore[no-untyped-def]  # zeep has no types
    port = client.wsdl.services[call["service"]].ports[f"{call['service']}Port"]
    service = client.create_service(str(port.binding.name), root + call["path"])
    reply = service[call["name"]](**call["body"], _soapheaders={"header": call["header"]})
    kind = type(reply).__name__
    return f"ok {kind}" if type(reply).__module__ == "zeep.objects" else f"the reply is {kind}"


if __name__ == "__main__":
    main(*sys.argv[1:])
