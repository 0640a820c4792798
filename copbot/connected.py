"""Which platforms the settings connect; each is loaded only where it is used."""

from copbot.settings import Settings
from copbot.vocabulary import Adapter, Refused


def connected(settings: Settings) -> list[Adapter]:
    """An adapter for every platform whose account is in the settings."""
    adapters: list[Adapter] = []
    if token := settings.token_of_telegram():
        adapters.append(_telegram(settings, token))
    if settings.matrix_account.exists():
        adapters.append(_matrix(settings))
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


def _telegram_described(settings: Settings) -> str:
    """What Telegram itself says, if it can be reached."""
    import asyncio

    from telegram.error import TelegramError

    from copbot.adapters.telegram.account import ask_for_account

    file = settings.telegram_token_file
    if file.is_file() and file.stat().st_mode & 0o077:
        return f"Telegram: others on this machine can read {file}. Make it yours alone: chmod 600 {file}"
    try:
        account = asyncio.run(ask_for_account(settings.token_of_telegram(), settings.telegram_base_url))
    except Refused:
        return "Telegram: the token is not known there any more. Get a new one at @BotFather, then: copbot connect telegram"
    except (TelegramError, KeyError, TypeError):
        return "Telegram: there is a token, but Telegram cannot be reached from here now."
    return " ".join([f"Telegram: connected as @{account.name}.", *account.remarks()])


def described(settings: Settings) -> list[str]:
    """Which platforms are connected, as whom, and what is missing."""
    lines = [_telegram_described(settings)] if settings.token_of_telegram() else []
    if settings.matrix_account.exists():
        lines.append(_matrix_described(settings))
    return lines or ["Platforms: none connected. copbot run opens the terminal chat."]


def _matrix_described(settings: Settings) -> str:
    from copbot.adapters.matrix import Account, Misfiled, fingerprint

    anew = f"Move {settings.matrix_account} and {settings.matrix_store} away, then: copbot connect matrix"
    try:
        account = Account.read(settings.matrix_account)
    except Misfiled as misfiled:
        return f"Matrix: {misfiled}"
    known = fingerprint(account, settings.matrix_store)
    if known is None:
        return (
            f"Matrix: {account.user} is connected, but its keys are not in {settings.matrix_store}. If that file is lost, "
            f"copbot cannot read what is encrypted, and needs a new device. {anew}"
        )
    return f"Matrix: connected as {account.user}, device {account.device}, fingerprint {known}."


def _matrix(settings: Settings) -> Adapter:
    from copbot.adapters.matrix import Account, Matrix

    account = Account.read(settings.matrix_account)
    return Matrix(account, store=settings.matrix_store, trust=settings.matrix_trust, offer=settings.matrix_choices)
