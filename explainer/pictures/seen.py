"""What a look at a picture's file has found."""

from __future__ import annotations

from explainer.content.model import Value


class Seen(Value, frozen=True):
    """What a picture is, or why it cannot be published."""

    sort: str = ""
    """Key of `explainer.pictures.sorts.ENDINGS`; empty where it is none of them."""

    width: int = 0
    """Width in pixels as it is shown, the camera's orientation applied; of an SVG in CSS pixels."""

    height: int = 0
    moves: bool = False
    """Whether it is an animation."""

    mark: str = ""
    """What tells its content from all others, for the names of its sizes."""

    code: str = ""
    """Code of the finding that it comes to; empty where it is good."""

    message: str = ""
    """What is wrong with it, as it follows the name of the file."""

    hint: str = ""


def fault(code: str, message: str, hint: str = "", sort: str = "") -> Seen:
    """Return what is wrong with a file."""
    return Seen(sort=sort, code=code, message=message, hint=hint)
