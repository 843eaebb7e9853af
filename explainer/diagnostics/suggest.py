"""Did you mean: the nearest of the names that would have been right."""

from __future__ import annotations

from collections.abc import Iterable

LIKENESS = 0.6
"""difflib ratio from which a name counts as near: lower ones are guesses, not help."""


def nearest(word: str, candidates: Iterable[str], likeness: float = LIKENESS) -> str | None:
    """Return the candidate most like `word`, or None where none is near enough.

    Case is put aside, ties go to the first in sorted order, so the answer never depends on the
    order of the candidates.
    """
    folded = word.casefold()
    best: tuple[float, str] | None = None
    import difflib  # most runs have nothing to suggest

    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(folded)
    for candidate in sorted(set(candidates)):
        matcher.set_seq1(candidate.casefold())
        floor = best[0] if best else likeness
        if matcher.real_quick_ratio() < floor or matcher.quick_ratio() < floor:
            continue
        ratio = matcher.ratio()
        if ratio >= likeness and (best is None or ratio > best[0]):
            best = (ratio, candidate)
    return best[1] if best else None


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Return `did you mean "x"?` for the nearest candidate, or an empty text."""
    found = nearest(word, candidates)
    return f'did you mean "{found}"?' if found is not None else ""
