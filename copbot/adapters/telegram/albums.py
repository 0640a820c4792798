"""Albums: several pictures that people send as one message come one by one, without a sign that the last has come."""

from collections.abc import Mapping

from copbot.adapters.telegram.incoming import Raw

#: Seconds without another part after which an album is taken to be whole.
PATIENCE = 1.0

Album = tuple[int, str]


class Albums:
    """The albums that may still grow. Times are seconds on any clock that does not jump."""

    def __init__(self) -> None:
        self._parts: dict[Album, dict[int, Raw]] = {}
        self._grew: dict[Album, float] = {}

    @property
    def numbers(self) -> frozenset[int]:
        """The updates that are held back."""
        return frozenset(number for parts in self._parts.values() for number in parts)

    def add(self, album: Album, number: int, update: Raw, now: float) -> None:
        """Hold this part back until the album is whole."""
        parts = self._parts.setdefault(album, {})
        if number not in parts:
            parts[number] = update
            self._grew[album] = now

    def whole(self, now: float) -> list[Mapping[int, Raw]]:
        """Those that grow no more, each by the numbers of its updates; they are held back no longer."""
        whole = [album for album, grew in self._grew.items() if now - grew >= PATIENCE]
        for album in whole:
            del self._grew[album]
        return [dict(sorted(self._parts.pop(album).items())) for album in whole]
