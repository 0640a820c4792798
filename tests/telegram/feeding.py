"""How updates get to the bot: by long poll, confirmed by the next offset, or by webhook, again until it answers 200."""

import asyncio
import contextlib
from collections import deque
from urllib.parse import urlsplit

import aiohttp

from tests.telegram.chats import Object
from tests.telegram.refusals import OTHER_POLLER, WEBHOOK_ACTIVE, bad, conflict
from tests.telegram.world import World

#: Most updates in one answer.
_TOGETHER = 100


class Feed:
    """The updates that the bot has not confirmed yet."""

    def __init__(self) -> None:
        self.waiting: deque[Object] = deque()
        self.confirmed = 0  #: updates that the bot let go
        self.doorstep: dict[str, str] = {}  #: where the public addresses of webhooks really listen
        self.redelivers_after = 0.02
        self.webhook: Object = {}
        self.posted = 0  #: deliveries tried by webhook
        self.quiet = asyncio.Event()  #: set while the bot waits for updates and there are none
        self._news = asyncio.Event()
        self._ended = 0
        self._poller: asyncio.Task[object] | None = None
        self._another = False
        self._courier: asyncio.Task[None] | None = None

    def put(self, update: Object) -> None:
        """One more."""
        self.waiting.append(update)
        self.quiet.clear()
        self._news.set()

    def let_another_poll(self, *, polls: bool = True) -> None:
        """Somebody else polls with the same token from now on, or no more."""
        self._another = polls
        self._news.set()

    def end_poll(self) -> None:
        """Answer the poll that waits with nothing, as if its time were over."""
        self._ended += 1
        self._news.set()

    # Long poll

    async def get_updates(self, world: World, asked: Object) -> list[Object]:
        """GetUpdates."""
        if self.webhook:
            raise conflict(WEBHOOK_ACTIVE)
        if asked.get("allowed_updates") is not None:
            world.allowed = frozenset(asked["allowed_updates"]) or world.allowed
        me, self._poller = asyncio.current_task(), asyncio.current_task()
        self._news.set()  # an older poll is over now
        self._confirm(int(asked.get("offset") or 0))
        seconds, ended = float(asked.get("timeout") or 0), self._ended
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.waiting and ended == self._ended:
                    self._news.clear()
                    if me is self._poller and seconds:
                        self.quiet.set()
                    await self._news.wait()
                    self._check_alone(me)
        self._check_alone(me)
        self.quiet.clear()
        return list(self.waiting)[: min(int(asked.get("limit") or _TOGETHER), _TOGETHER)]

    def _check_alone(self, me: object) -> None:
        if self._another or me is not self._poller:
            raise conflict(OTHER_POLLER)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self.waiting) > -offset:
                self._let_go()
        while self.waiting and self.waiting[0]["update_id"] < offset:
            self._let_go()

    def _let_go(self) -> None:
        self.waiting.popleft()
        self.confirmed += 1

    # Webhook

    def set_webhook(self, world: World, asked: Object) -> bool:
        """SetWebhook; with an empty address it is deleteWebhook."""
        url = asked.get("url") or ""
        if not url:
            return self.delete_webhook(world, asked)
        if urlsplit(url).scheme != "https":
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if urlsplit(url).port not in (None, 443, 80, 88, 8443):
            raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        if asked.get("allowed_updates") is not None:
            world.allowed = frozenset(asked["allowed_updates"]) or world.allowed
        if asked.get("drop_pending_updates"):
            self.waiting.clear()
        self.webhook = dict(asked)
        if self._courier is None:
            self._courier = asyncio.create_task(self._deliver())
        return True

    def delete_webhook(self, world: World, asked: Object) -> bool:
        """DeleteWebhook."""
        if asked.get("drop_pending_updates"):
            self.waiting.clear()
        self.webhook = {}
        if self._courier:
            self._courier.cancel()
            self._courier = None
        return True

    def webhook_info(self, world: World) -> Object:
        """GetWebhookInfo."""
        info: Object = {"url": self.webhook.get("url", ""), "has_custom_certificate": False}
        info["pending_update_count"] = len(self.waiting)
        if self.webhook:
            info |= {"max_connections": 40, "allowed_updates": sorted(world.allowed)}
        return info

    async def _deliver(self) -> None:
        """One after another, each again until it is taken."""
        async with aiohttp.ClientSession() as session:
            while True:
                while not self.waiting:
                    self._news.clear()
                    self.quiet.set()
                    await self._news.wait()
                if await self._post(session, self.waiting[0]):
                    self._let_go()
                else:
                    await asyncio.sleep(self.redelivers_after)

    async def _post(self, session: aiohttp.ClientSession, update: Object) -> bool:
        public = urlsplit(self.webhook["url"])
        there = self.doorstep.get(f"{public.scheme}://{public.netloc}", f"{public.scheme}://{public.netloc}") + public.path
        secret = self.webhook.get("secret_token")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        self.posted += 1
        try:
            async with session.post(there, json=update, headers=headers, timeout=aiohttp.ClientTimeout(5)) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def close(self) -> None:
        """Stop delivering."""
        if self._courier:
            self._courier.cancel()
            await asyncio.gather(self._courier, return_exceptions=True)
