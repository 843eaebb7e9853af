"""The command line: one small file per command, each imported when it is called."""

import atexit
import gc
import sys

from explainer import __version__


def main(args: list[str] | None = None) -> None:
    """Run the program, and end the process with 0, 1, 2 or 130."""
    if (sys.argv[1:] if args is None else args) == ["--version"]:
        # Scripts ask for this often: it takes a tenth of the time without the rest.
        try:
            print(f"explainer {__version__}", flush=True)
        except BrokenPipeError:
            from explainer.cli.program import leave_quietly

            leave_quietly()
        sys.exit(0)
    # What a build remembers need not be gone through once more for garbage, now that all of it is.
    atexit.register(gc.freeze)
    from explainer.cli.program import main as program

    program(args)


__all__ = ["main"]
