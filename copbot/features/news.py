"""What a community has to tell of a period: stories first, then practices, coming dates, and figures last."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from copbot.core.words import Text, Words, _, _n
from copbot.features import agenda, markdown
from copbot.features.pages import Paragraph, listed, paged
from copbot.features.parts import shortened
from copbot.store import checkins, meetings, practices
from copbot.store.checkins import Counts, Story
from copbot.store.meetings import Meeting
from copbot.store.people import Community
from copbot.store.practices import Echo, Practice

#: In messages, what people wrote is cut at so many characters; the file has it whole.
_QUOTE = 400
_EXTRACT = 160
_NAME = 60

#: Items that are no longer than this stand under one another without an empty line.
_LINE = 150

#: How many coming dates are told.
_DATES = 3


#: Makes somebody's words fit where they are shown; the number is how many characters there is room for.
Clean = Callable[[str, int], str]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and items under it, each of one or several lines."""

    heading: Text
    items: tuple[tuple[Text, ...], ...]


@dataclass(frozen=True, slots=True)
class News:
    """What was found, only what the whole group may read."""

    stories: list[Story]
    practices: list[Practice]
    echoes: list[Echo]
    coming: list[Meeting]
    counts: Counts

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing happened. Dates to come are no news by themselves."""
        return not (self.stories or self.practices or self.echoes or self.counts.answered)


def gather(tx: Session, community: Community, since: datetime, now: datetime) -> News:
    """What happened since then."""
    return News(
        stories=sorted(checkins.stories_since(tx, community, since), key=_order),
        practices=practices.since(tx, community, since),
        echoes=practices.trials_since(tx, community, since),
        coming=meetings.upcoming(tx, community, now)[:_DATES],
        counts=checkins.counts_since(tx, community, since),
    )


def _order(story: Story) -> tuple[bool, str]:
    """Named ones as they came; those without a name by their words alone: their order must not tell who answered when."""
    return (True, f"{story.happened} {story.helped}") if story.name is None else (False, "")


def sections(news: News, clean: Clean) -> list[Section]:
    """The news in order, without the sections that would be empty."""
    found = (
        (_("What was tried"), [_story(one, clean) for one in news.stories]),
        (_("New practices"), [*(_practice(one, clean) for one in news.practices), *_pointer(news.practices)]),
        (_("What others made of them"), [_echo(one, clean) for one in news.echoes]),
        (_("Coming dates"), [(agenda.line(one, lambda words: clean(words, _QUOTE)),) for one in news.coming]),
        (_("In figures"), [(line,) for line in _figures(news)]),
    )
    return [Section(heading, tuple(items)) for heading, items in found if items]


def pages(news: News, opening: str, words: Words) -> list[str]:
    """The news as messages, in order, each of a size to be read on a phone."""
    paragraphs: list[Paragraph] = [[opening]]
    for section in sections(news, shortened):
        if all(len(item) == 1 and len(words(item[0])) <= _LINE for item in section.items):
            paragraphs += listed(section.heading, [item[0] for item in section.items])
        else:
            first, *others = section.items
            paragraphs += [[section.heading, *first], *others]
    return [words(page) for page in paged(words, paragraphs)]


def document(news: News, opening: str, words: Words, title: Text) -> str:
    """The news as one Markdown text, nothing cut."""
    shown = [
        (words(section.heading), [[words(line) for line in item] for item in section.items])
        for section in sections(news, lambda text, _room: markdown.escape(text))
    ]
    return markdown.document(words(title), [markdown.escape(line) for line in opening.splitlines() if line.strip()], shown)


def _story(story: Story, clean: Clean) -> tuple[Text, ...]:
    name: Text = clean(story.name, _NAME) if story.name else _("Somebody")
    aim = [_("{name} had meant to try: {what}", name=name, what=clean(story.meant, _QUOTE))] if story.meant else []
    happened = [_("{name}: {words}", name=name, words=clean(story.happened, _QUOTE))] if story.happened else []
    helped = [_("What helped: {words}", words=clean(story.helped, _QUOTE))] if story.helped else []
    return (*aim, *happened, *helped) if aim or happened else (name, *helped)


def _practice(practice: Practice, clean: Clean) -> tuple[Text, ...]:
    title = clean(practice.title, _EXTRACT)
    if practice.named and practice.author:
        name = clean(practice.author.name, _NAME)
        return (_("Practice {number}, by {name}: {title}", number=practice.number, name=name, title=title),)
    return (_("Practice {number}: {title}", number=practice.number, title=title),)


def _pointer(found: list[Practice]) -> Iterable[tuple[Text, ...]]:
    if found:
        yield (_("To read one whole: /practice {number}", number=found[-1].number),)


def _echo(echo: Echo, clean: Clean) -> tuple[Text, ...]:
    practice = echo.practice
    lines: list[Text] = [_("Practice {number}: {title}", number=practice.number, title=clean(practice.title, _EXTRACT))]
    if echo.worked:
        lines.append(_n("It worked for one person.", "It worked for {count} people.", echo.worked))
    if echo.failed:
        lines.append(_n("It did not work for one person.", "It did not work for {count} people.", echo.failed))
    said = ((clean(one.member.name, _NAME), clean(one.words, _EXTRACT)) for one in echo.trials if one.words)
    return (*lines, *(_("{name}: {words}", name=name, words=words) for name, words in said))


def _figures(news: News) -> Iterable[Text]:
    counts = news.counts
    if counts.answered:
        yield _n("One person answered the check-in.", "{count} people answered the check-in.", counts.answered)
    if tried := counts.outcomes["tried"]:
        yield _n("One of them tried something.", "{count} of them tried something.", tried)
    if news.practices:
        yield _n("One new practice.", "{count} new practices.", len(news.practices))
