"""The order of names, and the letter under which the A-Z shows each."""

from __future__ import annotations

import unicodedata

_SPECIAL = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i",
     "ħ": "h", "ŋ": "n", "ŧ": "t"}
)  # fmt: skip
"""Latin letters that Unicode does not take apart."""

_SCRIPTS = (
    (0x3040, 0x30FF, "あ"),
    (0x3400, 0x9FFF, "漢"),
    (0xF900, 0xFAFF, "漢"),
    (0x20000, 0x3FFFF, "漢"),
    (0xAC00, 0xD7AF, "한"),
)
"""Scripts without an alphabet: all their names stand under one sign."""

DIGITS = "#"


def sort_name(name: str) -> str:
    """Return a name for sorting: accents, case, quotes and blanks at its ends put aside.

    `Huáng Rénxūn` sorts as `huang renxun`, `Łódź` as `lodz`.
    """
    apart = unicodedata.normalize("NFKD", name.casefold().translate(_SPECIAL))
    bare = "".join(char for char in apart if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare).strip(" \"'“”‘’«»(-.")


def letter_of(name: str) -> str:
    """Return the letter under which a name stands."""
    first = next((char for char in sort_name(name) if char.isalnum()), "")
    if not first or first.isdigit():
        return DIGITS
    for start, end, sign in _SCRIPTS:
        if start <= ord(first) <= end:
            return sign
    return first.upper()[:1]


def letter_order(letter: str) -> tuple[bool, str]:
    """Order letters: alphabets by code point, digits last."""
    return (letter == DIGITS, letter)
