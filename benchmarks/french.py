"""Practices as people of the field write them, as many as wanted, always the same."""

import random
import re
from collections.abc import Iterator
from itertools import accumulate


def _listed(text: str) -> list[str]:
    return re.findall(r"[^\s,]+", text)


#: What communities of practice talk of, most used first; behind them comes a long tail of rarer words.
TOPICS = _listed("""
    équipe réunion enfant parent famille temps semaine repas travail accueil salarié planning professionnel difficulté activité
    groupe échange formation projet jeune soir atelier matin accompagnement situation besoin outil recrutement référent tutorat
    essai entretien évènement structure association direction territoire soin aide handicap autisme communication pictogramme
    goûter sommeil répit aidant fratrie école inclusion médiation confiance écoute charte intégration fidélisation candidat
    annonce métier journée bienvenue parrainage stage alternance horaire roulement remplacement absence fatigue épuisement sens
    reconnaissance qualité rythme pause transport sortie animal jardin cuisine musique lecture jeu théâtre photographie vidéo
    téléphone ordinateur logiciel dossier transmission compte-rendu bilan objectif évaluation questionnaire résultat changement
    habitude crise colère angoisse calme rituel repère visuel minuteur
""")
_SMALL = _listed(
    "le la les un une des de du dans avec pour sur nous avons on a et puis chaque qui que leur sans plus très en au aux"
)
_HEADS = ["", *_listed("pré dé re sur inter co contre auto mé")]
_HEARTS = _listed("""
    for plan vis mont tour lign port charg gard mar sal val coul pein tach fil cord marqu roul cent part sond bord vers
    train mett gliss pass cout march band clair fond roch plant sembl tabl cadr cercl souch ment not pos sign sol son
    fac mod niv orient
""")
_ENDS = _listed("""
    er é ée és ées ation ations ement ements eur euse ance able ables age ages ité if ive ique iques oir esse ure ons
    ait aient ant
""")


class Author:
    """Writes texts in which few words are frequent and most are rare, as in any language."""

    def __init__(self, seed: int = 1) -> None:
        self.chance = random.Random(seed)
        hearts = ["", *_HEARTS[::3]]
        rare = [head + one + two + end for head in _HEADS for one in _HEARTS for two in hearts for end in _ENDS]
        self.chance.shuffle(rare)
        self.words = TOPICS + rare[:40_000]
        self._weights = list(accumulate(1 / (rank + 8) for rank in range(len(self.words))))

    def some(self, count: int) -> list[str]:
        """Words, frequent ones more often."""
        return self.chance.choices(self.words, cum_weights=self._weights, k=count)

    def text(self, length: int) -> str:
        """A text of so many words, half of them small ones."""
        small = self.chance.choices(_SMALL, k=length // 2)
        told = self.some(length - length // 2)
        return " ".join(word for pair in zip(told, small, strict=False) for word in pair).capitalize() + "."


def queries(count: int) -> Iterator[str]:
    """What people type: one to four words, some common, some rare, a third with a typing error."""
    author = Author(2)
    for number in range(count):
        words = author.some(1 + number % 4)
        if number % 3 == 0:
            words[0] = _slip(words[0], author.chance)
        yield " ".join(words)


def _slip(word: str, chance: random.Random) -> str:
    """The word with a letter missing, doubled or changed, or with two of them swapped."""
    at = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:at], word[at], word[at + 1 :]
    return chance.choice(
        [before + after, before + 2 * letter + after, before + "k" + after, before + after[0] + letter + after[1:]]
    )
