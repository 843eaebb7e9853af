"""What the terminal, and the person at it, want to see."""

from __future__ import annotations

import os
import sys


def color_choice() -> bool | None:
    """Return what the environment says of colours; None leaves it to the stream's being a terminal.

    NO_COLOR wins over FORCE_COLOR: who cannot read colours must be able to rely on it.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0", "false"):
        return True
    return False if os.environ.get("TERM") == "dumb" else None


def color_on_stderr() -> bool:
    """Tell whether what goes to standard error is coloured."""
    choice = color_choice()
    return sys.stderr.isatty() if choice is None else choice


def is_watched() -> bool:
    """Tell whether a person sits before standard error, so that progress makes sense."""
    in_ci = os.environ.get("CI", "").lower() not in ("", "0", "false")
    return sys.stderr.isatty() and not in_ci and os.environ.get("TERM") != "dumb"
