"""The `showhouse` command: `flows.cli:main`, or `python -m flows.cli`."""

from flows.cli.app import main

__all__ = ["main"]
