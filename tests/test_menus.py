"""The menus that platforms show: what is used most, in words that every platform takes, and nothing of no use there."""

import re

import pytest

from copbot.core import commands
from copbot.core.menus import menus
from copbot.vocabulary import Menu

MENUS = [pytest.param(menu, id=f"{menu.audience}-{menu.language}") for menu in menus()]


@pytest.mark.parametrize("menu", MENUS)
def test_platforms_take_it(menu: Menu) -> None:
    """Telegram: a hundred commands at most, short plain names, descriptions of 256 characters."""
    assert 1 <= len(menu.entries) <= 100
    for name, what in menu.entries:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert 1 <= len(what) <= 256
        assert "{" not in what
    assert len({name for name, _what in menu.entries}) == len(menu.entries)


@pytest.mark.parametrize("menu", MENUS)
def test_it_is_no_wall(menu: Menu) -> None:
    assert len(menu.entries) <= 14
    assert menu.entries[-1][0] in ("help", "aide")


@pytest.mark.parametrize("menu", MENUS)
def test_each_command_is_understood_as_it_is_shown(menu: Menu) -> None:
    for name, _what in menu.entries:
        call = commands.find(f"/{name}")
        assert call
        assert not call.rest
        assert menu.audience == "facilitators" or call.command.role == "member"


def test_members_can_always_see_to_their_own_data_from_the_menu() -> None:
    for menu in menus():
        if menu.audience == "private":
            names = {name for name, _what in menu.entries}
            assert {"privacy", "forget", "consent"} <= names or {"confidentialite", "oublier", "consentement"} <= names


def test_both_languages_show_the_same() -> None:
    by = {(menu.audience, menu.language): menu for menu in menus()}
    for audience in ("private", "group", "facilitators"):
        english, french = by[audience, "en"], by[audience, "fr"]  # type: ignore[index]
        heads = [[commands.find(f"/{name}").command.names[0] for name, _what in menu.entries] for menu in (english, french)]  # type: ignore[union-attr]
        assert heads[0] == heads[1]
