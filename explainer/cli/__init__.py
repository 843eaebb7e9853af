"""The command line: one small file per command, each imported when it is called."""

from explainer.cli.program import main

__all__ = ["main"]
