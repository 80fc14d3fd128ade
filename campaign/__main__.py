"""Run the campaign: ``python -m campaign``."""

import sys

from campaign.cli import main

if __name__ == "__main__":
    sys.exit(main())
