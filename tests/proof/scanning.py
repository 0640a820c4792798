"""C3: searches every file for words and ids, in every writing in which a program may have left them."""

import base64
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.canary import writings


def id_writings(number: int) -> dict[str, bytes]:
    """The ways in which an id may lie in a file: as digits, in eight bytes either way round, as a varint."""
    return {
        "decimal": str(number).encode(),
        "big endian": number.to_bytes(8, "big").lstrip(b"\0"),
        "little endian": number.to_bytes(8, "little").rstrip(b"\0"),
        "varint": _varint(number),
        "varint of SQLite": _sqlite_varint(number),
    }


def _varint(number: int) -> bytes:
    """Seven bits a byte, lowest first, as protocol buffers have it."""
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])


def _sqlite_varint(number: int) -> bytes:
    """Seven bits a byte, highest first, as SQLite has it."""
    written = [number & 127]
    while number := number >> 7:
        written.insert(0, number & 127 | 128)
    return bytes(written)


def hits(content: bytes, needles: dict[str, bytes]) -> set[str]:
    """Which of these are in it."""
    return {name for name, needle in needles.items() if needle in content}


def contents(*folders: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below these folders, whatever it is called, but those that a server at work puts away meanwhile."""
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            with suppress(FileNotFoundError):
                yield path, path.read_bytes()


def scan(words: list[str], ids: list[int], *folders: Path) -> list[tuple[str, str, str]]:
    """Where these words and ids are: file, what, and in which writing. A canary's letters are searched once for all of them.

    Canaries begin alike (see `canary`), so that a file is searched for the common part first.
    """
    needles = {f"{word} as {how}": written for word in words for how, written in writings(word).items()}
    needles |= {f"{number} as {how}": written for number in ids for how, written in id_writings(number).items()}
    return [
        (path.name, *what.split(" as ", 1)) for path, content in contents(*folders) for what in sorted(hits(content, needles))
    ]


def plant(word: str, number: int) -> dict[str, bytes]:
    """One file content for each of ten writings, made by other means than those that search."""
    plain = word.encode("utf-8")
    return {
        "the word": b"SELECT '" + plain + b"'",
        "less its first three letters": b"\x00" * 9 + plain[3:] + b"\x00",
        "UTF-16": f"«{word}»".encode("utf-16"),
        "JSON": json.dumps({"text": [word]}).encode(),
        "base64": base64.b64encode(b"" + plain),
        "base64 at one": base64.b64encode(b"x" + plain + b"end"),
        "base64 at two": base64.urlsafe_b64encode(b"xy" + plain + b"end!"),
        "hex": plain.hex(" ").replace(" ", "").encode(),
        "id in decimal": f'{{"from": {number}}}'.encode(),
        "id in eight bytes": b"\1\2" + number.to_bytes(8, "little") + b"\xff",
    }
