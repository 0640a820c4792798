"""What Telegram says of copbot's own account, and how its owner should have set it up at @BotFather."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from telegram.error import Conflict, InvalidToken

from copbot.adapters.telegram.request import Api
from copbot.vocabulary import Refused

_TOKEN = re.compile(r"\d{5,}:[A-Za-z0-9_-]{30,}")


@dataclass(frozen=True)
class Account:
    """`hears_all`: privacy mode is off. `told_at`: the host to which Telegram brings what happens, instead of being asked."""

    name: str
    joins_groups: bool
    hears_all: bool
    told_at: str = ""

    @property
    def invitation(self) -> str:
        """The link by which it is added to a group."""
        return f"https://t.me/{self.name}?startgroup"

    def remarks(self) -> list[str]:
        """What its owner should know or change, a sentence each."""
        joins = "It cannot be added to groups. At @BotFather: /setjoingroups, then Enable."
        if self.hears_all:
            hears = (
                "Privacy mode is off: in groups Telegram hands it every message, though it needs only those meant for it. "
                "At @BotFather: /setprivacy, then Enable."
            )
        else:
            hears = "Privacy mode is on, as it should be: in groups it hears commands, answers to its messages and its name."
        return [hears] if self.joins_groups else [joins, hears]


def is_token(text: str) -> bool:
    """Whether it looks like what @BotFather gives."""
    return bool(_TOKEN.fullmatch(text))


async def ask_for_account(token: str, base_url: str, *, alone: bool = False) -> Account:
    """What Telegram says of the account with this token; with `alone`, make sure that no other program is reading it.

    To make sure disturbs whoever reads. Raises Refused, TelegramError where Telegram cannot be reached.
    """
    api = Api(token, base_url, base_url)
    try:
        me = await api.call("getMe")
        posted = str((await api.call("getWebhookInfo")).get("url", ""))
        if alone and not posted:
            await api.call("getUpdates", limit=1, timeout=0)
    except InvalidToken:
        raise Refused("token refused") from None
    except Conflict:
        raise Refused("another reader") from None
    finally:
        await api.hang_up()
    joins, hears = (bool(me.get(name)) for name in ("can_join_groups", "can_read_all_group_messages"))
    return Account(str(me["username"]), joins, hears, urlsplit(posted).hostname or "")
