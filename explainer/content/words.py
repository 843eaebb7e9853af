"""The words of an entry as the search finds them: folded, cut into terms, and weighed.

Terms are made in two places: here, of what authors write, and in the theme's `search.js`, of what
readers type. Both must fold and cut alike; `tests/html/test_search.py` holds one against the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from explainer.content.model import AnyEntry, Question, Story, Topic

SEARCHED = ("topic", "question", "story")
"""Kinds of entries that can be searched for, in the order in which results show them."""

LONGEST = 40
"""Characters of a term; what is longer is cut."""

BODY_MOST = 6
"""Weight of a term up to which it stands in the text alone."""

_HEADING, _SUMMARY, _TITLE = 7, 9, 12
"""Least weights of a term in a heading, in the summary, in the title or a name."""

_NAME_SHARE = 16
"""What a title or name of one word is worth more; one of several words shares it among them."""

WEIGHTS = 32
"""Weights are below this."""

_USUAL_LENGTH = 500
"""Terms of a text of usual length: in a longer one, one more occurrence says less."""

# Only marks that a reader may leave out, not the vowel signs of Indic scripts; and what is written
# within words without being a letter: soft hyphens, joiners, the Arabic tatweel.
_SILENT = re.compile(
    "[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200d\u2060\u20d0-\u20ff\ufe20-\ufe2f\ufeff]+"
)

_SPELT = str.maketrans(
    {"ς": "σ", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h",
     "ŋ": "n", "ŧ": "t"}
)  # fmt: skip
"""Letters that Unicode does not take apart."""

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u31ff"
    "\u3400-\u9fff\ua960-\ua97f\uac00-\ud7ff\U00020000-\U0003ffff"
)
"""Scripts in which words are not told apart by spaces, or, as in Korean, grow together."""

_PART = re.compile(f"[{UNSPACED}]+|[^{UNSPACED} ]+")
_UNSPACED = re.compile(f"[{UNSPACED}]")

_BREAK = re.compile("[^\x00-/:-@\\[-`{-\x7f\u2010-\u2027\u2030-\u205e]+")
"""What stands between ASCII signs and typographic ones: most words, without a look at Unicode."""


class _Letters(dict[int, str]):
    """Maps what is no letter, digit or mark to a space; remembers what it has been asked."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        self[code] = kept = char if unicodedata.category(char)[0] in "LNM" else " "
        return kept


_LETTERS = _Letters()


def fold(text: str) -> str:
    """Return a text without what readers may leave out or write in another way.

    That is case, accents, other forms of the same letter, ligatures and width.
    """
    if text.isascii():
        return text.lower()
    bare = _SILENT.sub("", unicodedata.normalize("NFKD", text))
    # There and back, for letters of which one case has two letters: ẞ, ß, SS.
    low = bare.lower().upper().lower()
    return unicodedata.normalize("NFC", low.translate(_SPELT))


def parts(text: str) -> list[str]:
    """Return the words of a text, folded; scripts without spaces in whole runs."""
    return _PART.findall(fold(text).translate(_LETTERS))


@lru_cache(maxsize=10_000)
def _terms_of(word: str) -> tuple[str, ...]:
    return tuple(_terms(word))


def _terms(text: str) -> Iterator[str]:
    for part in parts(text):
        if not _UNSPACED.match(part):
            yield part[:LONGEST]
            continue
        yield from map("".join, pairwise(part))
        yield part[-1]  # so that each character begins a term: one alone is found by these


def count_terms(text: str) -> Counter[str]:
    """Return how often each term stands in a text.

    In scripts without spaces a term is any two characters that follow each other.
    """
    found: Counter[str] = Counter()
    for word, count in Counter(_BREAK.findall(text)).items():
        if word.isascii():
            found[word.lower()[:LONGEST]] += count
        else:
            for term in _terms_of(word):
                found[term] += count
    return found


def weighed(entry: AnyEntry) -> dict[str, int]:
    """Return the terms of an entry, sorted, with their weights; none where it is not searched for.

    A term counts by the best place in which it stands: a name or the title, the summary, a heading,
    the text. Within a place it counts the more, the fewer other words there are.
    """
    if not isinstance(entry, Story | Question | Topic):
        return {}
    body = count_terms("\n".join(_texts(entry)))
    length = body.total()
    damping = 1.2 * (0.25 + 0.75 * length / _USUAL_LENGTH)
    found = {term: 1 + int((BODY_MOST - 1) * n / (n + damping)) for term, n in body.items()}
    for term in count_terms("\n".join(heading.title for heading in entry.body.headings)):
        found[term] = _HEADING + (found.get(term, 0) >= BODY_MOST // 2)
    for term in count_terms(entry.summary.text):
        found[term] = _SUMMARY + min(2, body[term] // 2)
    names = (entry.title, *entry.also) if isinstance(entry, Topic) else (entry.title,)
    titles: dict[str, int] = {}
    for name in names:
        terms = count_terms(name)
        for term in terms:
            weight = _TITLE + _NAME_SHARE // len(terms) + min(3, body[term] // 2)
            titles[term] = max(weight, titles.get(term, 0))
    found |= titles
    return dict(sorted(found.items()))


def _texts(entry: AnyEntry) -> Iterable[str]:
    """Yield the words of an entry outside of its title and summary."""
    for prose in entry.body.proses:
        yield prose.text
    if isinstance(entry, Story):
        for event in entry.events:
            yield event.text.text
