"""Vectors for texts, without a model."""

import hashlib
import math


def embed(text: str, dimensions: int) -> list[float]:
    """Turn a text into a vector: each word adds one to a dimension that its digest names.

    Texts that share words are near each other, which is what a test of a search needs.

    Parameters
    ----------
    text
        The text.
    dimensions
        Length of the vector.

    Returns
    -------
    list[float]
        Of length one; all zeros for a text without words.
    """
    vector = [0.0] * dimensions
    for word in text.lower().split():
        digest = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8])
        vector[digest % dimensions] += 1.0
    norm = math.hypot(*vector) or 1.0
    return [value / norm for value in vector]
