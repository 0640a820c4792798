"""The homeserver over HTTP: one question, one answer, and every refusal as a Problem."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp

Json = dict[str, Any]

#: Seconds to wait for an answer, unless the question says otherwise.
PATIENCE = 30.0

#: What a homeserver says where it no longer knows the account: signed out, locked, gone.
_SIGNED_OUT = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_USER_LOCKED", "M_USER_SUSPENDED"})


class Problem(Exception):
    """The homeserver did not do it. `code` is such as M_FORBIDDEN; `patience` the seconds it asks for, 0 where it does not."""

    def __init__(self, status: int, body: Json) -> None:
        code = body.get("errcode")
        self.status = status
        self.code = code if isinstance(code, str) else "M_UNKNOWN"
        self.body = body
        milliseconds = body.get("retry_after_ms")
        self.patience = milliseconds / 1000 if isinstance(milliseconds, int | float) else 0.0
        super().__init__(self.code)

    @property
    def is_signed_out(self) -> bool:
        """Tell whether copbot's key does not open this account any more, for now or for good."""
        return self.code in _SIGNED_OUT and not (self.code == "M_MISSING_TOKEN" and self.status != 401)

    @property
    def asks_for_patience(self) -> bool:
        """Tell whether too much was asked in too short a time."""
        return self.status == 429 or self.code == "M_LIMIT_EXCEEDED"


class Homeserver:
    """The client-server interface of one homeserver, for one account. To be used within one event loop, and closed there."""

    def __init__(self, url: str, token: str = "") -> None:
        self.url = url.rstrip("/")
        self._token = token
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    def open(self) -> None:
        """Be ready for questions again."""
        self._closed = False

    async def close(self) -> None:
        """Let go of the connections; what asks now gets none."""
        self._closed = True
        if self._session:
            await self._session.close()
        self._session = None

    async def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, str] | None = None,
        seconds: float = PATIENCE,
    ) -> Json:
        """The answer to a question under /_matrix/client. Raises Problem, or what the network raises."""
        data = None if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"}
        async with self._request(method, f"/_matrix/client{path}", query, data, kind, seconds) as answer:
            return await _read(answer)

    async def well_known(self) -> str:
        """The homeserver that a server name points to, "" for none. Raises ValueError, or what the network raises."""
        async with self._request("GET", "/.well-known/matrix/client", None, None, {}, PATIENCE) as answer:
            if answer.status == 404:
                return ""
            known = json.loads(await answer.read())
        base = known.get("m.homeserver", {}).get("base_url", "")
        return str(base).rstrip("/")

    async def upload(self, content: bytes, media_type: str, name: str = "") -> str:
        """Hand over a file; answers its mxc address."""
        query = {"filename": name} if name else None
        kind = {"Content-Type": media_type}
        async with self._request("POST", "/_matrix/media/v3/upload", query, content, kind, 4 * PATIENCE) as answer:
            return str((await _read(answer))["content_uri"])

    async def download(self, mxc: str, most: int) -> bytes:
        """The file at this address, asked for with copbot's own key. Raises ValueError where it is longer than `most` bytes."""
        parts = urlsplit(mxc)
        if parts.scheme != "mxc" or not parts.netloc or not parts.path.strip("/"):
            raise ValueError("no such file")
        path = f"/_matrix/client/v1/media/download/{quote(parts.netloc, safe='')}/{quote(parts.path.strip('/'), safe='')}"
        async with self._request("GET", path, None, None, {}, 4 * PATIENCE) as answer:
            if answer.status != 200:
                await _read(answer)
            content = b""
            async for chunk in answer.content.iter_chunked(1 << 16):
                content += chunk
                if len(content) > most:
                    raise ValueError("file too long")
            return content

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        data: bytes | None,
        headers: Mapping[str, str],
        seconds: float,
    ) -> "aiohttp.client._RequestContextManager":
        if self._closed:
            raise aiohttp.ClientConnectionError("closed")
        if self._session is None:
            self._session = aiohttp.ClientSession(headers={"Authorization": f"Bearer {self._token}"} if self._token else {})
        timeout = aiohttp.ClientTimeout(total=seconds)
        return self._session.request(method, self.url + path, params=query, data=data, headers=headers, timeout=timeout)


async def _read(answer: aiohttp.ClientResponse) -> Json:
    raw = await answer.read()
    try:
        body = json.loads(raw) if raw else {}
    except ValueError:
        body = None
    if answer.status != 200 or not isinstance(body, dict):
        raise Problem(answer.status, body if isinstance(body, dict) else {})
    return body


def part(text: str) -> str:
    """An id as a part of a path."""
    return quote(text, safe="")
