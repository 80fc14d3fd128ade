"""Call with limits and a session that processes share, until killed: address, place, user.

The place is a folder, or the address of a server that machines share.

Prints that it is ready, and a line for each call: what it ended in.
"""

import sys
from pathlib import Path

from campaign.sample import TOUCH, Arguments, limited_client
from gridwright_runtime.errors import GridwrightError

__all__ = ["READY"]

READY = "ready"


def main() -> None:
    """Call on and on."""
    address, place, user = sys.argv[1:]
    number = 0
    client = limited_client(address, place if "://" in place else Path(place), user)
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()
    while True:
        number += 1
        try:
            found = client._record(TOUCH, Arguments(number=str(number))).body
            is_own = found is not None and found.value == str(number)
            said = "right" if is_own else f"another answer: {found}"
        except GridwrightError as error:
            said = type(error).__name__
        except Exception as error:
            said = f"raised {error!r:.200}"
        sys.stdout.write(f"{said}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
