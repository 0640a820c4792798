"""`copbot connect matrix`: signs in once, keeps account and keys for the owner's eyes alone, says how to invite copbot."""

import asyncio
import json
import sys
from enum import StrEnum
from typing import Annotated
from urllib.parse import parse_qs, quote, urlsplit

import typer

from copbot.connect import connect
from copbot.opening import read_settings, stop
from copbot.settings import Settings
from copbot.vocabulary import Refused

#: Where the browser ends after a single sign-on. Nobody listens there: what counts is the address.
_BACK = "http://localhost/copbot"


class Way(StrEnum):
    """How to sign in."""

    password = "password"  # noqa: S105
    token = "token"  # noqa: S105
    sso = "sso"


@connect.command()
def matrix(
    homeserver: Annotated[str, typer.Option(help="Its name or address, such as example.org.")] = "",
    user: Annotated[str, typer.Option(help="The account, such as @copbot:example.org.")] = "",
    way: Annotated[
        Way, typer.Option("--with", help="What signs in: a password, an access token, or the browser.")
    ] = Way.password,
) -> None:
    """Sign copbot in on a Matrix homeserver, once.

    Make the account before, in any Matrix client; it should be copbot's alone.
    """
    import aiohttp  # here, for it takes long and nothing else that is typed in a terminal needs it

    settings = read_settings(None)
    if settings.matrix_account.exists():
        stop(f"{settings.matrix_account} is there already. To sign in anew, move it and {settings.matrix_store} away first.")
    user = user or ("" if way is not Way.password else _asked("Account (such as @copbot:example.org): "))
    name = (
        homeserver or (user.partition(":")[2] if user.startswith("@") else "") or _asked("Homeserver (such as example.org): ")
    )
    try:
        asyncio.run(_connect(settings, name, user, way))
    except (aiohttp.ClientError, OSError):
        stop(f"I cannot reach the homeserver {name}. Is its name right, and is it up?")
    except Refused as refused:
        stop(f"The account cannot be used: {refused.reason}.")


async def _connect(settings: Settings, name: str, user: str, way: Way) -> None:
    from copbot.adapters.matrix import Matrix
    from copbot.adapters.matrix.account import discover, login
    from copbot.adapters.matrix.homeserver import Problem

    try:
        url = await discover(name)
        await _offers(url, way)
        secret = _secret(url, way)
        account = await login(url, user, **{_FIELDS[way]: secret})
    except Problem as problem:
        stop(_why(problem, way))
    except (ValueError, KeyError, json.JSONDecodeError):
        stop(f"There is no Matrix homeserver at {name}.")
    account.write(settings.matrix_account)
    adapter = Matrix(account, store=settings.matrix_store)
    try:
        fingerprint = await adapter.prepare(secret if way is Way.password else "")
    finally:
        await adapter.close()
    _tell(settings, account.user, account.device, fingerprint)


_FIELDS = {Way.password: "password", Way.token: "token", Way.sso: "sso_token"}


async def _offers(url: str, way: Way) -> None:
    """See that this is a homeserver, and that it lets people in that way. Raises Problem or KeyError."""
    from copbot.adapters.matrix.homeserver import Homeserver

    server = Homeserver(url)
    try:
        (await server.ask("GET", "/versions"))["versions"]
        flows = {flow.get("type") for flow in (await server.ask("GET", "/v3/login"))["flows"]}
    finally:
        await server.close()
    if way is Way.password and "m.login.password" not in flows:
        stop("This homeserver takes no passwords. Try: copbot connect matrix --with sso, or --with token")
    if way is Way.sso and not flows & {"m.login.sso", "m.login.token"}:
        stop("This homeserver has no sign-on by browser. Try: copbot connect matrix --with password, or --with token")


def _secret(url: str, way: Way) -> str:
    if way is Way.password:
        return _asked("Password: ", hidden=True)
    if way is Way.token:
        return _asked("Access token: ", hidden=True)
    typer.echo(
        f"Open this in a browser and sign in:\n  {url}/_matrix/client/v3/login/sso/redirect?redirectUrl={quote(_BACK, safe='')}"
    )
    typer.echo("The browser will then fail to open a page. Copy that page's whole address.")
    written = _asked("Address, or the token in it: ", hidden=True)
    return parse_qs(urlsplit(written).query).get("loginToken", [written])[0]


def _asked(question: str, *, hidden: bool = False) -> str:
    """What somebody types, or the next line of what is piped in."""
    if sys.stdin.isatty():
        return str(typer.prompt(question.rstrip(": "), hide_input=hidden)).strip()
    return sys.stdin.readline().strip() or stop(f"An answer is missing: {question.rstrip(': ')}.")


def _why(problem: Exception, way: Way) -> str:
    code = str(problem)
    if code in ("M_FORBIDDEN", "M_UNKNOWN_TOKEN", "M_INVALID_USERNAME"):
        return {
            Way.password: "The homeserver does not know this account with this password.",
            Way.token: "The homeserver does not know this access token.",
            Way.sso: "The homeserver does not take this token: it works once, for a minute or two. Please sign in again.",
        }[way]
    if code == "M_LIMIT_EXCEEDED":
        return "The homeserver asks for patience: too many tries. Please wait a few minutes."
    if code in ("M_USER_DEACTIVATED", "M_USER_LOCKED", "M_USER_SUSPENDED"):
        return "The homeserver has closed this account."
    return f"The homeserver refused ({code})."


def _tell(settings: Settings, user: str, device: str, fingerprint: str) -> None:
    from copbot.adapters.matrix.crosssigning import shown_fingerprint

    typer.echo(f"Connected as {user}, device {device}.")
    typer.echo(f"Fingerprint: {shown_fingerprint(fingerprint)}")
    typer.echo(
        f"The account is in {settings.matrix_account}, its keys are in {settings.matrix_store}: keep both, for your eyes alone."
    )
    typer.echo(f"Now start copbot (copbot run), invite {user} into a room, and write there: /open CODE")
    typer.echo("The code comes from: copbot invite")
