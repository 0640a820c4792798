"""Between a bot and its homeserver: notes the time from an answered sync to the message that follows, and changes nothing."""

import asyncio
import contextlib
import sys
import time

import aiohttp
from aiohttp import web

#: What a proxy does not hand on: each connection has its own.
_OURS = {"host", "connection", "keep-alive", "transfer-encoding", "content-length", "accept-encoding", "expect"}


class Proxy:
    """`GET /timings` answers the milliseconds noted since the last time, and forgets them."""

    def __init__(self, upstream: str, sender: str) -> None:
        self._upstream = upstream
        self._spoken = f'"sender":"{sender}"'.encode()
        self._answered = 0.0
        self._timings: list[float] = []

    async def run(self) -> None:
        """Serve until killed; the port is printed first."""
        async with aiohttp.ClientSession(auto_decompress=False, connector=aiohttp.TCPConnector(limit=0)) as self._session:
            runner = web.ServerRunner(web.Server(self._handle))
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            print(runner.addresses[0][1], flush=True)
            await asyncio.Event().wait()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        arrived = time.perf_counter()
        if request.path == "/timings":
            timings, self._timings = self._timings, []
            return web.json_response(timings)
        if request.method == "PUT" and "/send/m.room." in request.path and self._answered:
            self._timings.append(1000 * (arrived - self._answered))
            self._answered = 0.0
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OURS}
        headers["Accept-Encoding"] = "identity"
        data = await request.read()
        url = self._upstream + request.raw_path if isinstance(request, web.Request) else self._upstream + request.path_qs
        async with self._session.request(
            request.method, aiohttp.client.URL(url, encoded=True), data=data, headers=headers
        ) as got:
            body = await got.read()
            kept = {name: value for name, value in got.headers.items() if name.lower() not in _OURS}
        response = web.Response(status=got.status, body=body, headers=kept)
        with contextlib.suppress(ConnectionError):  # the bot was told to end
            await response.prepare(request)
            await response.write_eof()
        if request.path.endswith("/sync") and self._spoken in body:
            self._answered = time.perf_counter()
        return response


if __name__ == "__main__":
    asyncio.run(Proxy(sys.argv[1], sys.argv[2]).run())
