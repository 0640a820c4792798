"""How much may be sent that is not needed: homeservers let an account send so much, and what people wait for goes first."""

from dataclasses import dataclass

#: Events that may be sent at once beyond what is needed, and how many seconds bring another. Synapse as it comes lets ten be
#: sent at once, and one every five seconds, all in all.
_MOST = 9.0
_SECONDS = 10.0

#: Seconds without anything that is not needed, once the homeserver has asked for patience.
_THRIFT = 600.0


@dataclass(slots=True)
class Spare:
    """What is left for extras."""

    left: float = _MOST
    since: float = 0.0

    def takes(self, count: int, now: float) -> bool:
        """Take so many; False, and none taken, where there are not so many left."""
        if now > self.since:
            self.left = min(_MOST, self.left + (now - self.since) / _SECONDS)
            self.since = now
        if count > self.left:
            return False
        self.left -= count
        return True

    def run_out(self, now: float) -> None:
        """The homeserver asked for patience."""
        self.left, self.since = 0.0, now + _THRIFT
