"""Between copbot and its homeserver: hands everything on, notes what was asked, and fails where a test wants it to."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from yarl import URL

_OURS = {"host", "connection", "keep-alive", "transfer-encoding", "content-length", "accept-encoding"}

Rewrite = Callable[[Any], Any]


@dataclass
class Asked:
    """One request of copbot's; `at` counts seconds."""

    method: str
    path: str
    body: bytes = field(repr=False)
    at: float


@dataclass
class _Fault:
    method: str
    part: str
    status: int
    body: dict[str, Any]
    times: int


class Between:
    """`url` is what copbot takes for its homeserver."""

    def __init__(self, upstream: str) -> None:
        self._upstream = upstream
        self._faults: list[_Fault] = []
        self._rewrites: list[tuple[str, Rewrite]] = []
        self._queries: list[tuple[str, str, str]] = []
        self.asked: list[Asked] = []
        self.url = ""

    async def open(self) -> None:
        self._session = aiohttp.ClientSession(auto_decompress=False, connector=aiohttp.TCPConnector(limit=0))
        self._runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        await self._runner.cleanup()
        await self._session.close()

    def refuses(self, method: str, part: str, status: int, body: dict[str, Any], *, times: int = 1) -> None:
        """Answer the next so many requests whose path holds `part` like this, instead of handing them on."""
        self._faults.append(_Fault(method, part, status, body, times))

    def rewrites(self, part: str, rewrite: Rewrite) -> None:
        """Change the JSON of every answer to paths that hold `part`."""
        self._rewrites.append((part, rewrite))

    def rewrites_query(self, part: str, old: str, new: str) -> None:
        """Ask the homeserver something else than copbot did, where the path holds `part`."""
        self._queries.append((part, old, new))

    def count(self, method: str, part: str) -> int:
        """So many requests came."""
        return len(self.requests(method, part))

    def requests(self, method: str, part: str) -> list[Asked]:
        return [one for one in self.asked if one.method == method and part in one.path]

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        self.asked.append(Asked(request.method, request.path, body, time.monotonic()))
        for fault in self._faults:
            if fault.times and request.method == fault.method and fault.part in request.path:
                fault.times -= 1
                return web.json_response(fault.body, status=fault.status)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OURS}
        path = request.raw_path
        for part, old, new in self._queries:
            path = path.replace(old, new) if part in path else path
        url = URL(self._upstream + path, encoded=True)
        try:
            async with self._session.request(
                request.method, url, data=body, headers={**headers, "Accept-Encoding": "identity"}
            ) as got:
                answer, status = await got.read(), got.status
                kept = {name: value for name, value in got.headers.items() if name.lower() not in _OURS}
        except aiohttp.ClientError:
            return web.json_response({"errcode": "M_UNKNOWN"}, status=502)
        for part, rewrite in self._rewrites:
            if part in request.path and status == 200:
                answer = json.dumps(rewrite(json.loads(answer))).encode()
        return web.Response(status=status, body=answer, headers=kept)
