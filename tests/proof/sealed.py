"""C13 and C12: what is stored has one of three sizes; codes are long, slow on purpose, and the same work for everyone."""

import math
import random
from collections import Counter

from copbot.core import codes, sealing


def sizes(texts: int, seed: int = 0) -> Counter[int]:
    """How often each size is stored over so many texts of every length there may be."""
    chance = random.Random(seed)
    public = sealing.public_of(sealing.Keyring.fresh().release)
    lengths = (chance.randrange(sealing.MOST) if chance.random() < 0.5 else chance.randrange(900) for _text in range(texts))
    return Counter(len(sealing.seal(public, chance.randbytes(length))) for length in lengths)


def listeners_sizes(texts: int, seed: int = 0) -> Counter[int]:
    """The same for what is sealed to the listeners' own keys."""
    chance = random.Random(seed)
    recipients = [sealing.new_identity()[1] for _listener in range(2)]
    return Counter(len(sealing.seal_for(recipients, chance.randbytes(chance.randrange(3900)))) for _text in range(texts))


def bits(language: str) -> float:
    """How much chance there is in a code."""
    return codes.LENGTH * math.log2(len(set(codes.words(language))))
