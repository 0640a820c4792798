"""How requests reach the Bot API: PTB's request layer over one pool of aiohttp connections, and raw answers."""

import functools
import json
import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

os.environ.setdefault("PTB_TIMEDELTA", "true")  # PTB's way of being told that spans may come as timedelta

#: Connections kept at most: as many as messages may be under way at once, and room for the poll and for small requests.
_CONNECTIONS = 160

#: Seconds to connect, and to wait for an answer unless the request says otherwise.
_CONNECT = 10.0
_ANSWER = 30.0

#: Seconds that an upload or a download may take besides.
_TRANSFER = 90.0

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Request(BaseRequest):
    """The network's edge. The address holds the token: nothing that leaves here names it, nor what was sent."""

    __slots__ = ("_proxy", "_session")

    def __init__(self, address: str) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._proxy = _proxy(address)

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer unless the request says otherwise."""
        return _ANSWER

    async def initialize(self) -> None:
        """Open the pool; the first request does it too."""
        self._opened()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=_CONNECTIONS, ttl_dns_cache=300)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            session, self._session = self._session, None
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        *_waits: Any,
        **_more: Any,
    ) -> tuple[int, bytes]:
        """Ask and answer status and content. Raises TimedOut where the answer did not come, NetworkError for all else."""
        session = self._opened()
        seconds = float(read_timeout) if isinstance(read_timeout, int | float) else _ANSWER
        body, headers = _body(request_data)
        waits = _patience(seconds, transfer=headers is None)
        try:
            asked = session.request(method, _address(url), data=body, headers=headers, timeout=waits, proxy=self._proxy)
            async with asked as response:
                return response.status, await response.read()
        except aiohttp.ConnectionTimeoutError:
            raise NetworkError("no connection") from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as problem:
            raise NetworkError(type(problem).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as it is; where it is none, nothing of it is told."""
        try:
            parsed = json.loads(payload)
        except ValueError:
            raise NetworkError("not an answer") from None
        if not isinstance(parsed, dict):
            raise NetworkError("not an answer")
        return parsed


class Api(Bot):
    """PTB's bot, asked by the names of the Bot API and answering as the Bot API does: no object is built of what comes."""

    def __init__(self, token: str, base_url: str, base_file_url: str) -> None:
        self._wire = Request(base_url)
        super().__init__(token, base_url, base_file_url, request=self._wire, get_updates_request=self._wire)

    async def hang_up(self) -> None:
        """Close the connections."""
        await self._wire.shutdown()

    async def call(self, method: str, /, *, within: float | None = None, **parameters: Any) -> Any:
        """What the method answers, after `within` seconds at most. Raises TelegramError."""
        return await self._post(method, parameters, read_timeout=_ANSWER if within is None else within)

    async def download(self, path: str, most: int) -> bytes:
        """A file's content. Raises ValueError if it is larger than `most` bytes, TelegramError if it does not come."""
        status, content = await self._wire.do_request(f"{self._base_file_url}/{path}", "GET")
        if status != 200:
            raise TelegramError("no such file")
        if len(content) > most:
            raise ValueError("too large")
        return content


@functools.cache
def _patience(seconds: float, *, transfer: bool) -> aiohttp.ClientTimeout:
    total = seconds + (_TRANSFER if transfer else 0)
    return aiohttp.ClientTimeout(total=total, sock_connect=_CONNECT, sock_read=seconds)


@functools.lru_cache(maxsize=64)
def _address(url: str) -> URL:
    """Taken apart once: it is one for each method."""
    return URL(url, encoded=True)


def _body(data: RequestData | None) -> tuple[Any, Mapping[str, str] | None]:
    if data is None:
        return None, None
    if not data.contains_files:
        return urlencode(data.json_parameters).encode(), _FORM
    form = aiohttp.FormData(data.json_parameters)
    for field, (name, content, media_type) in data.multipart_data.items():
        form.add_field(field, content, filename=name, content_type=media_type)
    return form, None


def _proxy(url: str) -> str | None:
    """The proxy of the machine, if it has one for this address."""
    proxies = getproxies()
    if not proxies:
        return None
    address = urlsplit(url)
    return None if proxy_bypass(address.netloc) else proxies.get(address.scheme)
