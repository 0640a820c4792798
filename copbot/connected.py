"""Which platforms the settings connect; each is loaded only where it is used."""

from copbot.settings import Settings
from copbot.vocabulary import Adapter


def connected(settings: Settings) -> list[Adapter]:
    """An adapter for every platform whose account is in the settings."""
    adapters: list[Adapter] = []
    if token := settings.token_of_telegram():
        adapters.append(_telegram(settings, token))
    return adapters


def _telegram(settings: Settings, token: str) -> Adapter:
    from copbot.adapters.telegram import Telegram, Webhook

    url = settings.telegram_webhook_url
    return Telegram(
        token,
        base_url=settings.telegram_base_url,
        base_file_url=settings.telegram_base_file_url,
        webhook=Webhook(url, settings.telegram_webhook_listen) if url else None,
        language=settings.language,
    )
