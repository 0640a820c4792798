"""Where somebody can be found on the net: addresses of mail, links, accounts on networks, also as they are said aloud."""

import re
from collections.abc import Iterator

from copbot.features.traces.reading import Span, common, place
from copbot.letters import fold

_PROVIDER = (
    r"(?:gmail|hotmail|outlook|yahoo|ymail|orange|free|sfr|bbox|(?:la\s?)?poste|wanadoo"
    r"|proton(?:mail)?|icloud|live|msn|gmx|aol|neuf)"
)
_OF_ANYBODY = re.compile(rf"\s?{_PROVIDER}\b", re.IGNORECASE)
_ENDING = r"(?:com|fr|org|net|eu|be|ch|ca|io|de|es|it|lu|us|uk|ie|me|info|asso|pro|paris|bzh|ma|tn|dz|sn)"
_LABEL = r"[^\W_][\w-]{0,62}"
_LOCAL = r"(?<![\w.+-])[\w+-][\w.+-]{0,63}"
_SAID = r"(?:[\w-]{1,30}\s(?:point|dot|tiret|dash|underscore)\s){0,3}"
_AT = (
    r"(?:\s?@{1,2}\s?|\s?[(\[{<]\s?(?:at|arr?obase?|chez|à|a|@)\s?[)\]}>]\s?"
    r"|\s?[*_-](?:at|arr?obase?)[*_-]\s?|,?\s(?:arr?obase?|at-sign),?\s)"
)
_DOT = r"(?:\s\.\s?|[.,]|\s?[(\[{<*]\s?(?:dot|point|pt|\.)\s?[)\]}>*]\s?|,?\s(?:point|dot|pt),?\s)"
_DOMAIN = rf"(?:la\s)?{_LABEL}(?:\s(?:tiret|dash)\s{_LABEL}){{0,3}}(?:{_DOT}{_LABEL}){{0,3}}?{_DOT}{_ENDING}\b"

_NETWORKS = (
    r"(?:insta|instagram|ig|snap|snapchat|tik ?tok|telegram|discord|twitter|messenger|facebook|fb|whatsapp|signal|linkedin"
    r"|mastodon|bluesky|bsky|threads|skype|viber|twitch|youtube|matrix|element|steam|psn|xbox|roblox|reddit|gmail|hotmail|yahoo)"
)
_NETWORK = rf"(?i:\b{_NETWORKS}\b)"

#: What is rather an account than a word: letters with a digit, a low line, a dot or a capital among them.
_SHAPED = (
    rf"(?<![\w.@-])(?!(?i:{_NETWORKS}|i[po]\w+)\b)"
    r"(?=[\w.-]{4})(?=(?:[\d_.-]{0,9}[^\W\d_]){2})"
    r"[^\W\d][\w-]{0,39}(?:[\d_]|(?<=[a-zà-ÿ\d])\.[a-zà-ÿ\d]|(?<=[a-zà-ÿ])[A-Z])[\w.-]{0,40}"
)

#: An address of mail: as it is; spelt out; with its provider alone; with a word for the sign that also means something else.
_MAILS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_LOCAL}@{{1,2}}{_LABEL}(?:\.{_LABEL}){{0,4}}\.[^\W\d_]{{2,24}}",
        rf"(?<![\w.+-]){_SAID}[\w+-][\w.+-]{{0,63}}{_AT}{_DOMAIN}",
        rf"{_LOCAL}{_AT}{_PROVIDER}\b",
        r"(?<![\w.+-])[^\W\d_][\w.+-]{1,63}@[^\W\d_][\w-]{2,62}",
        rf"{_LOCAL},?\s(?:chez|at|à|a)\s{_PROVIDER}{_DOT}{_ENDING}\b",
    )
) + tuple(
    map(
        re.compile,
        (
            rf"{_SHAPED},?\s(?i:chez|at|à|a|sur),?\s(?i:{_DOMAIN})",
            r"\b[^\W\d_]{2,30} ?\d{1,4},?\s(?i:chez|at) (?i:gmail|hotmail|outlook|yahoo|icloud|wanadoo|laposte|protonmail)\b",
            rf"{_SHAPED}(?:[\s,(]{{1,3}}(?i:chez\s|at\s|à\s|sur\s)?(?i:{_PROVIDER})\b|[\s,]{{1,2}}(?i:{_PROVIDER}\.{_ENDING})\b)",
            rf"(?<![\w.+*-])[\w.*-]{{1,60}}?(?:_|[.*_-](?i:at|chez)[.*_-])(?i:{_PROVIDER}[.*](?:dot\*)?{_ENDING})\b",
        ),
    )
)

_MINE = r"(?i:\b(?:mon|ma|mes|ton|ta|son|sa|notre|votre|leur|my|your|his|her|our|their) )"
_MY_OWN = (
    rf"{_MINE}(?i:(?:compte|profil|page|nom|adresse|cha[iî]ne|id|identifiant|pseudo|account|profile) )?(?i:(?:sur|on) )?"
    rf"{_NETWORK}(?: perso)?"
)
_PROPER = r"[A-ZÀ-ÖØ-Þ][\w'’.-]{1,39}(?: [A-ZÀ-ÖØ-Þ][\w'’.-]{0,39}){0,3}"
_CLAUSE_ENDS = r"(?!\w)(?=\s*(?:[.,;!?)\n]|$)|\s+(?i:et|ou|sur|and|or|on)\b)"
_IS = r"(?:\s?[:=>→]{1,2}\s?|,? (?i:c['’]est|ce sera|s['’]appelle|is called) (?i:@|arobase )?)"
_SINGLE = r"@?(?P<told>[^\W\d_][\w.-]{3,39})"
_ONE = rf"{_SINGLE}{_CLAUSE_ENDS}"
_ON_NETWORK = rf"(?i:sur|on|dans|in|via) (?i:mon |my )?{_NETWORK}"
_BE = r" (?i:est|is) "
_SELF = r"(?i:je suis|j['’]suis|chuis|i am|i['’]m|il est|elle est|he is|she is) "
_LOOK = (
    r"(?i:\b(?:cherche[rz]?|tape[rz]?|trouve[rz]?|retrouve[rz]?|ajoute[rz]?|contacte[rz]?|suivez|suis|[ée]cri(?:s|vez|re)"
    r"|demande[rz]?|voyez|voir|add|find|follow|look for|search(?: for)?|message|dm|mp|ask|write to)"
    r"(?:[ -](?:moi|nous|le|la|me|us|him|her))?\b)"
)
_UNDER = r"(?i:\b(?:pseudo|identifiant|login|username|user name|nom d['’]utilisateur|handle|nickname)\b)"
_PAGE = r"(?i:\b(?:compte|profil|page|cha[iî]ne|account|profile|channel)\b)"
_BY_NAME = r"(?i: (?:au nom de|sous le nom de|s['’]appelle|under the name(?: of)?) )"


def _word_as(kind: str) -> str:
    return rf"@?(?P<{kind}>[^\W\d_][\w.-]{{2,39}})(?: [\w.-]{{3,39}})?{_CLAUSE_ENDS}"


#: An account. What is caught as `named` may be any word that is not ordinary; as `told`, none that tells how something is.
_ACCOUNTS = tuple(
    map(
        re.compile,
        (
            # @somebody, @somebody:server, somebody#1234, a low line within a word
            r"(?<![\w@.])@(?=[\w.-]*[^\W\d_]{2})(?P<sign>[\w.-]{2,64})(?::[\w.-]{2,64})?",
            rf"(?<![\w@])@ {_SHAPED}",
            r"(?<![\w.])[^\W\d_][\w.]{0,31}#\d{4}(?!\w)",
            r"(?<![\w/.@])[^\W\d_]{2,30}\d{0,4}_\w{1,40}(?!\w|\.[a-z]{3,4}\b)",
            # beside a network: what looks like an account; after a word that tells of one; a name
            rf"{_NETWORK}(?: |, ?| ?: ?| ?live:)(?:[a-z]{{2,8}} )?@?{_SHAPED}",
            rf"{_SHAPED},? {_ON_NETWORK}",
            rf"{_NETWORK} @ ?[\w.-]{{3,40}}",
            rf"{_NETWORK}(?: perso)?\s?[:=>→]{{1,2}}\s?{_word_as('told')}",
            rf"{_MY_OWN}{_IS}{_word_as('named')}",
            rf"{_MY_OWN}{_BE}{_word_as('told')}",
            rf"{_NETWORK}(?:{_IS}|{_BE}|,? {_SELF}|,? {_LOOK} ){_PROPER}{_CLAUSE_ENDS}",
            rf"{_NETWORK},? (?i:je m['’]appelle|my name is|c['’]est|mon (?:nom|pseudo) (?:c['’]est|est)) {_word_as('named')}",
            rf"{_NETWORK},? {_SELF}{_word_as('told')}",
            rf"(?:{_SELF}|{_LOOK} (?i:à |to )?|(?i:\barobase )){_PROPER} {_ON_NETWORK}",
            rf"(?:{_SELF}|{_LOOK} (?i:à |to )?|(?i:\barobase )){_SINGLE} {_ON_NETWORK}",
            rf"(?m:^){_MINE}?{_NETWORK} {_ONE}",
            rf"{_MINE}{_NETWORK} {_ONE}",
            rf"{_NETWORK} \({_ONE}",
            rf"{_NETWORK},? {_LOOK} {_ONE}",
            rf"{_NETWORK},? \(?[A-ZÀ-ÖØ-Þ][\w'’-]{{1,39}} {_PROPER}{_CLAUSE_ENDS}",
            rf"{_MINE}{_PAGE}{_IS}{_word_as('named')} {_ON_NETWORK}",
            rf"{_NETWORK}(?i: sous | under ){_ONE}",
            rf"(?m:^){_SINGLE} {_ON_NETWORK}(?m:$)",
            rf"(?<!un )(?<!de )(?<!a )(?i:\b(?:arobase|pseudo|alias)) {_ONE}",
            # under a name
            rf"{_UNDER}(?i: (?:sur|on) (?:le |la |the )?\w{{2,20}}| \w{{2,8}})?(?:{_IS}|{_BE}){_word_as('told')}",
            rf"(?:{_UNDER}|{_PAGE})[^.!?\n]{{0,20}} (?P<it>{_SHAPED})",
            rf"(?i:\b(?:sous|par|avec|under|by) (?:le |the |mon |my )?){_UNDER} @?{_word_as('told')}",
            rf"(?:{_NETWORK}|{_PAGE})[^.!?\n]{{0,20}}(?:{_BY_NAME}|(?i: sous | under ))(?:{_SHAPED}|{_PROPER})",
            rf"(?:{_NETWORK}|{_PAGE})[^.!?\n]{{0,20}}{_BY_NAME}@?{_word_as('named')}",
            rf"{_LOOK}[^.!?\n]{{0,20}}[ :](?P<it>{_SHAPED})",
        ),
    )
)

#: A link, and the pages that carry their owner's name.
_LINK = re.compile(
    r"(?i:https?://|www\.)[^\s<>«»]{2,200}"
    r"|(?<![\w.@/-])(?:[\w-]{1,40}\.){1,3}(?i:com|fr|org|net|eu|io|be|ch|ca|me|gg|tv|app|to|uk|social|co|info|ly|ee|in)/[^\s<>«»]{2,200}"
    r"|(?<![\w.@/-])[\w-]{2,40}\.(?i:bsky\.social|(?:wordpress|blogspot|over-blog|canalblog|tumblr|wixsite)\.com)(?!\w)"
)

#: Words so ended tell how something is.
_TELLS = re.compile(r"(?:ée?s?|ives?|ables?|ibles?)$")


def mails(text: str, offices: frozenset[str]) -> Iterator[Span]:
    """Addresses of mail, but for those of an office, which begin with what they are for."""
    for pattern in _MAILS:
        for match in pattern.finditer(text):
            whose, _sign, where = match[0].partition("@")
            if fold(re.split(r"[\W_\d]", whose)[0]) not in offices or _OF_ANYBODY.match(where):
                yield match.span()


def links(text: str, sites: frozenset[str]) -> Iterator[Span]:
    """Links, but for those to public sites."""
    for match in _LINK.finditer(text):
        host = fold(match[0]).removeprefix("https://").removeprefix("http://").split("/")[0]
        if not sites.intersection(re.split(r"[.-]", host)):
            yield match.span()


def accounts(text: str, ordinary: frozenset[str], everyone: frozenset[str]) -> Iterator[Span]:
    """Accounts on networks, but for words that are `ordinary` where an account could stand, and for @`everyone`."""
    for pattern in _ACCOUNTS:
        for match in pattern.finditer(text):
            kinds = match.groupdict()
            if fold(kinds.get("sign") or "").rstrip(".-") in everyone or fold(kinds.get("named") or "") in ordinary:
                continue
            told = (kinds.get("told") or "").casefold()
            if told and (fold(told) in ordinary or fold(told) in common() or _TELLS.search(told)):
                continue
            start, stop = place(match)
            yield start, start + len(text[start:stop].rstrip(" .-"))
