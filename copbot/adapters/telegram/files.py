"""Files that come with messages: which there are, and how they are named so that they can be fetched or sent again."""

from typing import Any, Literal

from copbot.vocabulary import Received

Kind = Literal["picture", "voice", "audio", "video", "document"]

#: How Telegram names the kinds. A moving picture is also told as a document, a round video as nothing else.
_KINDS: dict[str, tuple[Kind, str]] = {
    "voice": ("voice", "audio/ogg"),
    "audio": ("audio", "audio/mpeg"),
    "video": ("video", "video/mp4"),
    "video_note": ("video", "video/mp4"),
    "animation": ("video", "video/mp4"),
    "document": ("document", ""),
}


def files(message: dict[str, Any]) -> tuple[Received, ...]:
    """The file of a message, of a picture the largest size; at most one, an album comes as several messages."""
    if photo := message.get("photo"):
        return (_received("picture", "photo", photo[-1], "image/jpeg"),)
    for field, (kind, media_type) in _KINDS.items():
        if field in message:
            return (_received(kind, field, message[field], media_type),)
    return ()


def _received(kind: Kind, field: str, file: dict[str, Any], media_type: str) -> Received:
    return Received(
        kind=kind,
        reference=f"{field}:{file['file_id']}",
        name=str(file.get("file_name", "")),
        media_type=str(file.get("mime_type", media_type)),
        size=int(file.get("file_size") or 0),
    )


def parted(reference: str) -> tuple[str, str]:
    """What Telegram calls this kind of file, and the file's id there."""
    field, _colon, file_id = reference.partition(":")
    return (field, file_id) if file_id else ("document", reference)
