"""Makes the last part of a URL out of a title, in the script that the title is written in."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 150
"""Bytes of UTF-8: a file name may have 255, with the date and the ending."""


def slug_of(title: str) -> str:
    """Return the slug of a title; empty where the title has no letter and no digit.

    Vowel signs stay: python-slugify drops them, which leaves no word of Hindi or Thai whole.
    """
    text = unicodedata.normalize("NFKC", re.sub("['’]", "", title)).lower()
    kept = "".join(char if unicodedata.category(char)[0] in "LMN" else "-" for char in text)
    words = [word for word in kept.split("-") if any(char.isalnum() for char in word)]
    return unicodedata.normalize("NFC", _fitting(words))


def _fitting(words: list[str]) -> str:
    """Join as many words as fit; of a first word that is too long, take the beginning."""
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer.encode()) > LONGEST:
            break
        slug = longer
    if words and not slug:
        slug = words[0].encode()[:LONGEST].decode(errors="ignore")
    return slug
