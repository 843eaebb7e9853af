"""Digests: the only way in which this program compares contents."""

import os
from hashlib import blake2b

DIGEST_SIZE = 16
"""Bytes of a digest: 128 bits make an accidental collision out of the question."""


_PIECE = 1 << 20
"""Bytes of a file that are held at once."""


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


def digest_bytes(data: bytes) -> bytes:
    """Return the BLAKE2b digest of one piece of data, as `DIGEST_SIZE` bytes."""
    return blake2b(data, digest_size=DIGEST_SIZE).digest()


def digest_file(path: str) -> bytes:
    """Return the digest of a file's content, as `digest_bytes` gives it; raises OSError."""
    state = blake2b(digest_size=DIGEST_SIZE)
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        while data := os.read(descriptor, _PIECE):
            state.update(data)
    finally:
        os.close(descriptor)
    return state.digest()
