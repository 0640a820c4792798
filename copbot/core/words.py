"""Words in people's own language: lazy sentences, and dates and lists as people write them.

`_("Noted: {when}.", when=moment)` makes a sentence whose English text is also its translation key. It becomes text only
when it is known who reads it. Fields may be sentences themselves, strings, numbers, or times, which are written the way the
reader's language does and in the reader's zone.
"""

import gettext
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from copbot.calendar import dates

LOCALE = Path(__file__).parent.parent / "locale"
LANGUAGES = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence not yet in anybody's language."""

    key: str
    fields: Mapping[str, object] = field(default_factory=dict)
    plural: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Lines:
    """Several texts, one under the other."""

    parts: tuple["Text", ...]


Text = str | Sentence | Lines


def _(key: str, /, **fields: object) -> Sentence:
    """A sentence; the English text is the key."""
    return Sentence(key, fields)


def _n(one: str, many: str, count: int, /, **fields: object) -> Sentence:
    """A sentence with a number in it: `{count}` stands for `count`."""
    return Sentence(one, {"count": count, **fields}, plural=many, count=count)


def lines(*parts: Text | None) -> Lines:
    """Texts under one another; None is left out, "" is an empty line."""
    return Lines(tuple(part for part in parts if part is not None))


@dataclass(frozen=True, slots=True)
class Words:
    """A reader: the language and zone to write in, and the present, which decides whether a date needs its year."""

    locale: str
    zone: str
    now: datetime

    @property
    def language(self) -> str:
        """The language without its variant: fr for fr@falc."""
        return self.locale.partition("@")[0]

    def __call__(self, text: Text) -> str:
        """Write it for this reader."""
        if isinstance(text, str):
            return text
        if isinstance(text, Lines):
            return "\n".join(self(part) for part in text.parts)
        catalogue = translations(self.locale)
        template = catalogue.ngettext(text.key, text.plural, text.count) if text.plural else catalogue.gettext(text.key)
        return (
            template.format_map({name: self.write(value) for name, value in text.fields.items()}) if text.fields else template
        )

    def write(self, value: object) -> object:
        """Write one value: moments as "Tuesday 10 March at 18:30", days, times, sentences; anything else as it is."""
        match value:
            case Sentence() | Lines():
                return self(value)
            case datetime():
                return dates.write_moment(value.astimezone(ZoneInfo(self.zone)), self.language, self.today)
            case date():
                return dates.write_day(value, self.language, self.today)
            case time():
                return dates.write_time(value, self.language)
            case _:
                return value

    @property
    def today(self) -> date:
        """Today's date where the reader lives."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def list(self, parts: Iterable[Text]) -> str:
        """Join with commas and "and"."""
        return dates.write_list([self(part) for part in parts], self.language)


@lru_cache(maxsize=8)
def translations(locale: str) -> gettext.NullTranslations:
    """The catalogue of this locale, read from its .po file; fr@falc falls back to fr, en@easy to English as written."""
    catalogue: gettext.NullTranslations
    path = LOCALE / locale.replace("@", "_") / "copbot.po"
    catalogue = _compile(path) if path.exists() else gettext.NullTranslations()
    language, variant = locale.partition("@")[::2]
    if variant:
        catalogue.add_fallback(translations(language))
    return catalogue


def _compile(path: Path) -> gettext.GNUTranslations:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as source:
        catalogue = read_po(source)
    french = str(catalogue.locale or "").startswith("fr")
    for message in catalogue:
        if french and message.id and message.string:
            message.string = _typeset(message.string)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _typeset(text: Any) -> Any:
    """French asks for non-breaking spaces; translators need not type them."""
    if not isinstance(text, str):
        return tuple(_typeset(form) for form in text)
    text = re.sub(r" ([:;!?»])", "\u00a0\\1", text)
    return re.sub(r"« ", "«\u00a0", text)
