"""What comes out of a round of check-ins: a digest for the group, stories first, and a word in private for facilitators."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence

from copbot.core.words import Sentence, Text, Words, _, _n, lines
from copbot.features.pages import Paragraph, listed, paged
from copbot.store.checkins import NAMELESS_FLOOR, CheckIn, Counts, count, readable

_OBSTACLES: Mapping[str, Sentence] = {
    "time": _("lack of time"),
    "means": _("lack of means"),
    "priority": _("other priorities"),
    "knowhow": _("not knowing how"),
    "other": _("something else"),
}
_EFFECTS: Mapping[str, Sentence] = {
    "me": _("for oneself"),
    "team": _("in the team or organisation"),
    "network": _("in the network"),
    "early": _("too early to say"),
}

#: What a member answered, and how to call them.
Said = tuple[CheckIn, Text]


def for_group(words: Words, answers: Sequence[CheckIn], chance: random.Random, *, since_meeting: bool) -> list[Text]:
    """The messages to the group: stories first, then counts. Their order does not tell who answered when.

    `answers` is all that no digest has told yet; `since_meeting` says that the group met after the last one.
    """
    said: list[Said] = [(one, name or _("Somebody")) for one, name in readable(one for one in answers if one.is_done)]

    def mixed() -> list[Said]:
        """Each part in another order: what stands first here and first there need not be of the same person."""
        return chance.sample(said, len(said))

    told = [
        *(_story(one, name) for one, name in mixed() if one.outcome == "tried" and (one.happened or one.helped)),
        *_list(_("What stood in the way, in their words:"), [(name, one.hindered) for one, name in mixed()]),
        *_replies(mixed()),
        *_list(_("What we would like to try until next time:"), [(name, one.intention) for one, name in mixed()]),
    ]
    counts = count([one for one in answers if one.counted_at is None])
    if not told and not counts.answered:
        return []
    authors = len({one.member_id for one, _name in said}) if told else 0
    return paged(words, [_beginning(counts, authors, since_meeting=since_meeting), *told, _figures(words, counts)])


def for_facilitators(words: Words, answers: Sequence[CheckIn], *, answered: int, asked: int, posted: bool) -> list[Text]:
    """The messages to each facilitator: how many answered, then the words that are for facilitators alone."""
    if not posted:
        return [
            lines(
                _("The check-in is closed. No answer came this time, so I posted nothing in the group."),
                _("A question of your own may help: {example}", example=_("/checkin open What was hard this month?")),
            )
        ]
    kept = [one for one in answers if one.is_done and one.audience == "facilitators" and one.has_words]
    figures = [
        _n(
            "The check-in is closed: of the {count} person asked, {answered} answered.",
            "The check-in is closed: of the {count} people asked, {answered} answered.",
            asked,
            answered=answered,
        ),
        _("The digest is in the group."),
    ]
    heading = [_("These words are for the facilitators only:")] if kept else []
    return paged(words, [figures, heading, *(_in_confidence(one) for one in kept)])


def _beginning(counts: Counts, authors: int, *, since_meeting: bool) -> Paragraph:
    over = _n(
        "Our check-in is over: {count} person answered.", "Our check-in is over: {count} people answered.", counts.answered
    )
    met = _n(
        "Since our last meeting {count} person answered.", "Since our last meeting {count} people answered.", counts.answered
    )
    tried = counts.outcomes["tried"]
    return [
        met if since_meeting else over,
        *([_n("{count} person tried something.", "{count} people tried something.", tried)] if tried else []),
        _n("This is what one person says.", "Here are their words.", authors)
        if authors
        else _("Thank you to those who answered."),
    ]


def _story(one: CheckIn, name: Text) -> Paragraph:
    helped = [_("What helped: {words}", words=one.helped)] if one.helped else []
    aim = [_("{name} had meant to try: {what}", name=name, what=one.aim)] if one.aim else []
    return [*aim, _("{name}: {words}", name=name, words=one.happened or helped[0]), *(helped if one.happened else [])]


def _replies(said: Sequence[Said]) -> list[Paragraph]:
    """Late answers may be to the question of an earlier round."""
    return [
        paragraph
        for question in dict.fromkeys(one.question for one, _name in said if one.reply)
        for paragraph in _list(
            _("To the question “{question}”:", question=question),
            [(name, one.reply) for one, name in said if one.question == question],
        )
    ]


def _list(heading: Text, said: Sequence[tuple[Text, str]]) -> list[Paragraph]:
    return listed(heading, [_("{name}: {words}", name=name, words=words) for name, words in said if words])


def _in_confidence(one: CheckIn) -> Paragraph:
    name = one.member.name
    return [
        *([_("{name}: {words}", name=name, words=one.happened)] if one.happened else [name]),
        *([_("What helped: {words}", words=one.helped)] if one.helped else []),
        *([_("What stood in the way: {words}", words=one.hindered)] if one.hindered else []),
        *([_("To the question asked: {words}", words=one.reply)] if one.reply else []),
        *([_("Until next time: {words}", words=one.intention)] if one.intention else []),
    ]


def _figures(words: Words, counts: Counts) -> Paragraph:
    """Reasons and effects only where several gave some: one alone would be somebody's."""
    found: list[Text] = []
    if (done := counts.outcomes) and counts.answered > 1:
        tried, not_yet, dropped = done["tried"], done["not_yet"], done["dropped"]
        found.append(
            _("In figures: tried {tried}, not yet {not_yet}, dropped {dropped}.", tried=tried, not_yet=not_yet, dropped=dropped)
        )
    if counts.effects.total() >= NAMELESS_FLOOR:
        found.append(_("The effect: {effects}.", effects=_ranked(words, counts.effects, _EFFECTS)))
    if counts.obstacles.total() >= NAMELESS_FLOOR:
        found.append(_("What stood in the way: {reasons}.", reasons=_ranked(words, counts.obstacles, _OBSTACLES)))
    return found


def _ranked(words: Words, counts: Counter[str], labels: Mapping[str, Sentence]) -> str:
    return words.list([_("{what} ({count})", what=labels[key], count=number) for key, number in counts.most_common()])
