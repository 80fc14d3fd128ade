"""Run the command line as ``python -m gridwright``."""

from gridwright.cli import main

raise SystemExit(main())
