"""What is pointed out before free speech is sent: traces of people, a danger told; and the numbers that then come first."""

import re
from datetime import date
from datetime import datetime as moment

import pytest

from copbot.core.house import House
from copbot.core.words import Words
from copbot.features import helplines
from copbot.features.crisis import is_crisis
from copbot.features.traces import personal
from tests.conftest import START

HOUSE = House()
NAMES = ["Camille Durand", "bo"]

DANGERS = """
Je n'en peux plus, j'ai envie de mourir
Parfois je pense à me tuer
je veux en finir
Mon mari me frappe quand il boit
il m'a frappée hier soir
Ma belle-mère enferme ma grand-mère dans sa chambre toute la journée
Une collègue gifle les résidents
J'ai peur de faire du mal à mon enfant
J'ai secoué mon bébé hier
Mon fils dit qu'il veut mourir
elle a avalé toute une boîte de médicaments
Ma fille se scarifie depuis des mois
Mon père m'a violée quand j'étais petite
Il menace de me tuer si je pars
je ne veux plus vivre
La vie ne vaut plus la peine d'être vécue
tout le monde serait mieux sans moi
On attache mon frère à son lit la nuit
mon conjoint me bat
je vais sauter du pont
J'ai des idées noires tous les soirs
Il y a un fusil dans la maison et il dit qu'il va s'en servir
Un éducateur touche les enfants
elle a des bleus partout sur les bras
Je pense au suicide
ma mère ne respire plus
je me coupe les bras pour me calmer
il m'oblige à coucher avec lui
j'ai failli le jeter par la fenêtre
Je voudrais m'endormir et ne plus me réveiller
on laisse les résidents dans leurs excréments
je suis à bout, je vais craquer et le frapper
mon ex me suit partout et j'ai peur pour ma vie
j'ai stocké tous ses somnifères
personne ne me regretterait si je disparaissais
I want to end my life
My husband hits me when he drinks
She swallowed a whole bottle of pills
"""

NONE = """
Je suis morte de fatigue
On a bien rigolé, j'étais mort de rire
La mort de mon père m'a beaucoup touchée
On se bat pour avoir une place en IME
Ça me frappe de voir combien on est seuls
Coup de main bienvenu pour le goûter
J'ai tué le temps en salle d'attente
Il refuse de manger le midi
Mon fils s'enferme dans sa chambre
Notre association est en danger
je me sens débordée et seule
J'ai un coup de fatigue
le chef ne m'écoute jamais
Je pleure souvent en rentrant
Je n'en peux plus des réunions
je veux arrêter ce travail
Il faut en finir avec les réunions du lundi
Mon cœur bat vite avant chaque visite
Il a peur du noir
Elle est violente avec les mots des chiffres
La directrice m'a coupé la parole
Il me coupe toujours la parole, et je n'ose pas dire que je suis épuisée
Je me coupe du monde depuis qu'elle est malade
On m'a refusé une formation
J'ai honte de demander de l'aide
il crie toute la nuit
je suis en colère contre l'équipe
On nous a laissés sans réponse
Elle a repris le traitement et ça va mieux
Je ne dors plus depuis trois semaines
les enfants ont peint des violettes
J'ai battu mon record de patience
J'ai envie de tout plaquer et partir en vacances
Il est attaché à ses habitudes
Je me sens coupable de le placer
Une crise d'épilepsie hier, tout est rentré dans l'ordre
Mon fils tape quand il est contrarié
J'ai honte d'avoir crié sur mon fils
On m'a menacée de me retirer la garde
We were dying of laughter
I am dead tired and nobody listens
We kill time in waiting rooms
"""


@pytest.mark.parametrize("words", DANGERS.strip().splitlines())
def test_a_danger_is_noticed(words: str) -> None:
    assert is_crisis(words, HOUSE)
    assert is_crisis(f"Bonjour à tous. {words.upper()} ! Merci de me lire.", HOUSE)


@pytest.mark.parametrize("words", NONE.strip().splitlines())
def test_ways_of_speaking_are_no_danger(words: str) -> None:
    assert not is_crisis(words, HOUSE)


def test_words_of_two_sentences_make_no_danger() -> None:
    assert not is_crisis("Il menace de partir. La mort de ma mère est loin.", HOUSE)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Appelez-moi au 06 12 34 56 78 ou au +33 6.12.34.56.78", ["06 12 34 56 78", "+33 6.12.34.56.78"]),
        ("mon adresse est a.b@exemple.fr", ["a.b@exemple.fr"]),
        ("@sophie_44 et @lea:exemple.org peuvent témoigner", ["@sophie_44", "@lea:exemple.org"]),
        ("tout est sur t.me/machin", ["t.me/machin"]),
        ("Mme Dupont et le docteur Le Gall n'écoutent pas", ["Mme Dupont", "docteur Le Gall"]),
        ("ma collègue Sophie pleure, mon fils Léo aussi", ["collègue Sophie", "fils Léo"]),
        ("il s’appelle Noé et son prénom est Max", ["s’appelle Noé", "prénom est Max"]),
        ("au 12 bis rue des Lilas, 44000 Nantes", ["12 bis rue des Lilas", "44000 Nantes"]),
        ("à l'EHPAD Les Tilleuls, puis à l’école Jules Ferry", ["EHPAD Les Tilleuls", "école Jules Ferry"]),
        ("né le 12/03/1985, numéro 1 85 03 44 109 123 45", ["né le 12/03/1985", "1 85 03 44 109 123 45"]),
        ("le compte FR76 3000 4000 0312 3456 7890 143", ["FR76 3000 4000 0312 3456 7890 143"]),
        ("camille ne m'aide pas, Bo non plus", ["camille", "Bo"]),
        ("CAMILLE DURAND ne m'aide pas", ["CAMILLE DURAND"]),
        ("my son Leo hides, and Mrs Jones laughs", ["son Leo", "Mrs Jones"]),
    ],
)
def test_what_points_to_somebody_is_found(words: str, found: list[str]) -> None:
    assert personal(words, NAMES, HOUSE) == found


@pytest.mark.parametrize(
    "words",
    [
        "Le 3 mars à 18 h 30 nous étions 12, dont 3 enfants de 4 à 6 ans",
        "le 3114 répond, et le 15 aussi",
        "La réunion du 12/03/2026 a duré 2 h",
        "Un robot qui boit dans un bol",
        "Mon fils et ma fille se disputent à la maison",
        "Cela a coûté 1 250,50 euros en 2025",
    ],
)
def test_what_points_to_nobody_is_left_alone(words: str) -> None:
    assert personal(words, NAMES, HOUSE) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_help_number_was_verified(language: str) -> None:
    numbers = HOUSE.template("help", language)["numbers"]
    assert [one["number"] for one in numbers] == ["15", "112", "114", "3114", "119", "3919", "3977"]
    for one in numbers:
        assert isinstance(one["verified"], date)
        assert not isinstance(one["verified"], moment)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_number_is_shown_shortly_and_fully(language: str) -> None:
    words = Words(language, "Europe/Paris", START)
    short, full = (words(text(HOUSE, language)) for text in (helplines.shortly, helplines.fully))
    assert "\n" not in short
    assert len(full.splitlines()) <= 8
    for number in ("15", "112", "114", "3114", "119", "3919", "3977"):
        assert re.search(rf"\b{number}\b", short)
        assert re.search(rf"^{number}\b", full, re.MULTILINE)
