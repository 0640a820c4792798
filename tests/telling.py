"""Puts what there is to tell into a community, for the tests of what copbot tells."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from copbot.engine import perform
from copbot.store import people, practices, trials
from copbot.store.checkins import CheckIn
from copbot.store.people import Community, Member
from copbot.store.practices import Practice
from tests.conftest import Actor, Bot


class Shelf:
    """Puts what there is to tell into the database, as if it had been told to copbot now."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    def does(self, work: Callable[[Session, Community], object]) -> None:
        """Anything to the database, in one transaction."""
        perform(self.bot.database, [lambda tx: work(tx, tx.get_one(Community, 1))])

    def tells(self, name: str, happened: str, *, audience: str = "named", told: bool = True, **more: object) -> None:
        """A member's check-in; `told` says that a digest has dealt with it."""

        def work(tx: Session, community: Community) -> None:
            told_at = self.bot.now if told else None
            member = member_named(tx, community, name)
            tx.add(
                CheckIn(
                    community_id=community.id,
                    member_id=member.id,
                    began_at=self.bot.now,
                    answered_at=self.bot.now,
                    counted_at=told_at,
                    told_at=told_at,
                    stage="done",
                    audience=audience,
                    **{"outcome": "tried", "happened": happened, **more},
                )
            )

        self.does(work)

    def shares(self, name: str, title: str, **more: object) -> None:
        """A practice."""

        def work(tx: Session, community: Community) -> None:
            member = member_named(tx, community, name)
            one = Practice(community_id=community.id, member_id=member.id, created_at=self.bot.now, changed_at=self.bot.now)
            one.title, one.did = title, "How it was done"
            for key, value in more.items():
                setattr(one, key, value)
            practices.shelve(tx, community, one)

        self.does(work)

    def tries(self, name: str, number: int, words: str = "", *, worked: bool = True) -> None:
        """What a member made of a practice."""

        def work(tx: Session, community: Community) -> None:
            practice = practices.numbered(tx, community, number)
            assert practice
            trials.note(tx, practice.id, member_named(tx, community, name), self.bot.now, worked=worked).words = words

        self.does(work)


def member_named(tx: Session, community: Community, name: str) -> Member:
    return people.member_named(tx, community, name)[0]


def posted(bot: Bot) -> str:
    """All that copbot said to the group."""
    return "\n\n".join(text.replace("\u00a0", " ") for _number, text in bot.said("group"))


def drafted(actor: Actor, start: int) -> str:
    """The messages of the draft: what was heard since, less the question at its end."""
    return "\n\n".join(actor.heard()[start:-1])
