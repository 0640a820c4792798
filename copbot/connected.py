"""Which platforms the settings connect; each is loaded only where it is used."""

from copbot.settings import Settings
from copbot.vocabulary import Adapter


def connected(settings: Settings) -> list[Adapter]:  # noqa: ARG001
    """An adapter for every platform whose account is in the settings."""
    return []
