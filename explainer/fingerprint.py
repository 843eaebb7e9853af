"""Digests: the only way in which this program compares contents."""

from hashlib import blake2b

DIGEST_SIZE = 16
"""Bytes of a digest: 128 bits make an accidental collision out of the question."""


def digest(*parts: bytes | str) -> str:
    """Return the hexadecimal BLAKE2b digest of `parts`.

    Each part is preceded by its length, so that moving a byte from one part to the next gives
    another digest. Text counts as its UTF-8 bytes.
    """
    state = blake2b(digest_size=DIGEST_SIZE)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "little"))
        state.update(data)
    return state.hexdigest()
