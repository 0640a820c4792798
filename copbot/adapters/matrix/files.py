"""Files: handed over enciphered where the room is, fetched with copbot's own key and deciphered."""

import asyncio
import json
from typing import Any

import aiohttp
from nio.crypto.attachments import decrypt_attachment, encrypt_attachment
from nio.exceptions import EncryptionError

from copbot.adapters.matrix import contents
from copbot.adapters.matrix.homeserver import Homeserver, Json, Problem
from copbot.vocabulary import Attachment

#: Bytes of a file that was received and is passed on.
_MOST = 100_000_000


async def hand_over(server: Homeserver, attachment: Attachment, *, enciphered: bool) -> Json:
    """Upload the file, where the homeserver does not hold it already; answers the content of its message."""
    held = _held(attachment.reference) if attachment.reference else {}
    kind, locked = str(held.get("kind", "")), held.get("file")
    if held and enciphered and locked:
        return contents.file(attachment, {"file": locked}, len(attachment.content), kind)
    if held and not enciphered and not locked:
        return contents.file(attachment, {"url": held["url"]}, len(attachment.content), kind)
    content = attachment.content or await fetch(server, attachment.reference, _MOST)
    if not enciphered:
        url = await server.upload(content, attachment.media_type or "application/octet-stream", attachment.name)
        return contents.file(attachment, {"url": url}, len(content), kind)
    cipher, keys = await asyncio.to_thread(encrypt_attachment, content)
    url = await server.upload(cipher, "application/octet-stream")
    return contents.file(attachment, {"file": {**keys, "url": url}}, len(content), kind)


async def fetch(server: Homeserver, reference: str, most: int) -> bytes:
    """The content of a file. Raises ValueError where it has more than `most` bytes, is gone, or is not what was sent."""
    held = _held(reference)
    try:
        content = await server.download(held["url"], most)
    except Problem as problem:
        if problem.status in (400, 403, 404):
            raise ValueError("no such file") from None
        raise
    except aiohttp.ClientPayloadError:
        raise ValueError("file cut short") from None
    locked = held.get("file")
    if not locked:
        return content
    try:
        key, hashed, start = locked["key"]["k"], locked["hashes"]["sha256"], locked["iv"]
        return bytes(await asyncio.to_thread(decrypt_attachment, content, key, hashed, start))
    except (EncryptionError, KeyError, TypeError):
        raise ValueError("file cannot be deciphered") from None


def _held(reference: str) -> dict[str, Any]:
    try:
        held = json.loads(reference)
    except ValueError:
        held = None
    if not isinstance(held, dict) or not isinstance(held.get("url"), str):
        raise ValueError("no such file")
    return held
