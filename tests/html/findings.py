"""What a check of built pages found."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One fault at one place of the output."""

    path: str
    """The file, relative to the output folder."""
    line: int
    """From 1; 0 where the fault has no line."""
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


def report(findings: list[Finding]) -> str:
    """Join findings into a text with one line each, sorted; empty when there are none."""
    return "\n".join(map(str, sorted(findings)))
