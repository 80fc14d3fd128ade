"""What entsoe-py reads in documents of positions; reads their paths from argv, and writes JSON."""

import json
import sys
from pathlib import Path

from entsoe.parsers import parse_loads

if __name__ == "__main__":
    found = []
    for path in sys.argv[1:]:
        values = parse_loads(Path(path).read_text("utf-8"), "A16").iloc[:, 0]
        found.append(
            {
                at.tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%SZ"): float(value)
                for at, value in values.items()
            }
        )
    sys.stdout.write(json.dumps(found))
