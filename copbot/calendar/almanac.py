"""The words of the calendar in French and English: days, months, numbers and units, as they look when folded."""

from collections.abc import Iterable

#: Whole names; Monday is 0. Plurals are the grammar's business.
WEEKDAYS: dict[str, int] = {
    name: index
    for names in (
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "monday tuesday wednesday thursday friday saturday sunday",
    )
    for index, name in enumerate(names.split())
}

#: Short names; some are words of their own ("mon", "mer", "jeu"), so they only count beside a date or an hour.
SHORT_WEEKDAYS: dict[str, int] = {
    name: index
    for index, names in enumerate(
        ("lun mon", "mar tue tues", "mer wed weds", "jeu thu thur thurs", "ven fri", "sam sat", "dim sun")
    )
    for name in names.split()
}

_FRENCH_MONTHS = (
    "janvier janv",
    "fevrier fevr fev",
    "mars",
    "avril avr",
    "mai",
    "juin",
    "juillet juil",
    "aout",
    "septembre sept",
    "octobre",
    "novembre",
    "decembre",
)
_ENGLISH_MONTHS = (
    "january jan",
    "february feb",
    "march",
    "april apr",
    "may",
    "june jun",
    "july jul",
    "august aug",
    "september sept sep",
    "october oct",
    "november nov",
    "december dec",
)

ENGLISH_MONTHS: dict[str, int] = {name: number for number, names in enumerate(_ENGLISH_MONTHS, 1) for name in names.split()}
MONTHS: dict[str, int] = ENGLISH_MONTHS | {
    name: number for number, names in enumerate(_FRENCH_MONTHS, 1) for name in names.split()
}

_COUNTED = (
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen",
)
NUMBERS: dict[str, int] = {
    **{word: number for words in _COUNTED for number, word in enumerate(words.split(), 1)},
    "une": 1,
    "a": 1,
    "an": 1,
    "a couple of": 2,
    "vingt": 20,
    "twenty": 20,
    "trente": 30,
    "thirty": 30,
    "quarante": 40,
    "forty": 40,
    "quarante-cinq": 45,
    "forty-five": 45,
    "cinquante": 50,
    "fifty": 50,
    "soixante": 60,
    "sixty": 60,
    "quatre-vingt-dix": 90,
    "ninety": 90,
    "vingt-et-un": 21,
    "vingt et un": 21,
    "twenty-one": 21,
    "vingt-quatre": 24,
    "twenty-four": 24,
    "vingt-deux": 22,
    "twenty-two": 22,
    "vingt-trois": 23,
    "twenty-three": 23,
    "dix-sept": 17,
    "seventeen": 17,
    "dix-huit": 18,
    "eighteen": 18,
    "dix-neuf": 19,
    "nineteen": 19,
    "vingt-cinq": 25,
    "twenty-five": 25,
}

#: Minus one is the last, minus two the one before it.
ORDINALS: dict[str, int] = {
    "premier": 1,
    "premiere": 1,
    "first": 1,
    "deuxieme": 2,
    "second": 2,
    "seconde": 2,
    "troisieme": 3,
    "third": 3,
    "quatrieme": 4,
    "fourth": 4,
    "cinquieme": 5,
    "fifth": 5,
    "sixieme": 6,
    "sixth": 6,
    "dernier": -1,
    "derniere": -1,
    "last": -1,
    "avant-dernier": -2,
    "avant-derniere": -2,
}

#: What rules count in, by each of its names.
UNITS: dict[str, str] = {
    name: unit
    for unit, names in {
        "second": "secondes seconde seconds second secs sec",
        "minute": "minutes minute mins min mn",
        "hour": "heures heure hours hour hrs hr h",
        "day": "jours jour days day j",
        "week": "semaines semaine weeks week sem",
        "fortnight": "quinzaines quinzaine fortnights fortnight",
        "month": "mois months month",
        "quarter": "trimestres trimestre quarters quarter",
        "halfyear": "semestres semestre",
        "year": "ans an annees annee years year",
    }.items()
    for name in names.split()
}

#: Parts of the day and the hour they stand for where none is said.
PARTS: dict[str, str] = {
    name: part
    for part, names in {
        "morning": "matin matins matinee morning mornings",
        "noon": "midis",
        "afternoon": "apres-midi apres-midis apresmidi aprem afternoon afternoons",
        "evening": "soir soirs soiree soirees evening evenings",
        "night": "nuit nuits night nights",
    }.items()
    for name in names.split()
} | {"apres midi": "afternoon", "apres midis": "afternoon"}


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of these words, the longest first."""
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"
