"""Everything the server serves is read by the models that others wrote: aiogram's, with nothing unknown in it, and PTB's."""

from functools import cache
from typing import Any

import aiogram.methods
import telegram
from aiogram.methods.base import Response
from aiogram.types import Update
from pydantic import BaseModel, ValidationError


class Wrong(AssertionError):
    """The server said, or was asked, what Telegram would not understand."""


def update(served: dict[str, Any]) -> None:
    """It is an update that Telegram could have sent."""
    _read(Update, served)
    read = telegram.Update.de_json(served, None)
    if set(served) - {"update_id"} and not any(read.to_dict().get(kind) for kind in served if kind != "update_id"):
        raise Wrong(f"PTB reads nothing in {served}")


def result(name: str, served: Any) -> None:
    """It is what this method answers with."""
    _read(_response(name), {"ok": True, "result": served})


def request(name: str, parameters: dict[str, Any]) -> None:
    """The method exists, takes these parameters and no others."""
    _read(_method(name), parameters)


def _read(model: type[BaseModel], value: dict[str, Any]) -> None:
    try:
        model.model_validate(value, extra="forbid")
    except ValidationError as problem:
        errors = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in problem.errors()[:5]]
        raise Wrong(f"{model.__name__}: {'; '.join(errors)}") from None


@cache
def _method(name: str) -> type[aiogram.methods.TelegramMethod[Any]]:
    return getattr(aiogram.methods, name[0].upper() + name[1:])


@cache
def _response(name: str) -> type[BaseModel]:
    return Response[_method(name).__returning__]  # type: ignore[name-defined]
