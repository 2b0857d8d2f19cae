#!/usr/bin/env python3
"""Every command of the project; the embedded servers are there for as long as it lasts."""

import sys

try:
    from alignment.entry import run
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is missing: run `make setup` once, then `.venv/bin/python manage.py`.")

if __name__ == "__main__":
    sys.exit(run(sys.argv))
