"""What is pointed out before free speech is sent: traces of people, a danger told; and the numbers that then come first."""

import re
from datetime import date
from datetime import datetime as moment

import pytest

from copbot.core.house import House
from copbot.core.words import Words
from copbot.features import helplines
from copbot.features.danger import may_be_danger
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
je veux en finir avec la vie
j'ai envie d'en finir avec la vie
mon pere ma fait du mal
j'ai envie de me foutre en l'air
je vais me tuer ce soir
je veux me suicider
J'ai pris tous mes cachets
je veux mourir
je pense à la mort tous les jours, je veux que ça s'arrête
j ai envi de mourire
jveux plus vivre
chui battue par mon mari
mon copain ma frapé
mon oncle m'a touchée
on m'a violée
mon beau-père vient dans mon lit la nuit
il m'a étranglée
il me tape tous les jours
ma femme me frappe
mon fils me frappe et j'ai peur de lui
j'ai frappé ma mère
j'ai peur de le tuer
l'aide-soignante frappe ma mère
on me frappe au foyer
mon ami vient de m'envoyer un message d'adieu
il s'est ouvert les veines
elle est tombée et ne se réveille pas
I want to die
my dad hurts me
I am going to kill myself
le soir je me coupe les poignets, les bras, ça me calme
je me coupe exprès
je me brûle le bras avec une cigarette, ça me calme
elle se coupe la nuit pour se calmer
pour me calmer je me fais du mal
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
J'ai envie de dormir une semaine entière
Je veux en finir avec ce dossier
Je me tue à vous le répéter
Cette côte m'a tuée
Ce gâteau est une tuerie
On va mourir de chaud dans cette salle
Elle est belle à en mourir
La batterie de mon fauteuil est morte
Mon téléphone a rendu l'âme
On s'est battus pour ce poste et on l'a eu
Il a frappé à la porte avant d'entrer
J'ai été frappée par sa gentillesse
J'ai coupé les cheveux de ma mère
Il m'a cassé les pieds toute la matinée
J'ai le cœur brisé de le voir partir en internat
La prochaine rencontre est mardi à 18 h
Merci pour le gâteau, il était délicieux
Mon père fait du bien à tout le monde
Mon mari me fait rire quand il cuisine
J'ai pris tous mes rendez-vous du mois
Il prend ses médicaments sans problème
Ma fille saute de joie
Je voudrais m'endormir plus tôt le soir
Je vais me coucher, bonne nuit
Notre formation sur la prévention du suicide est en mars
Le film parle d'une femme battue
Ma mère est décédée paisiblement
My feet are killing me
The meeting is on Tuesday at six
He hit the ball over the fence
je n'en peux plus
Having drawn them together.
The children look at the pictures before they ask.
the same in the morning
We sang together every morning before the meal. It was calm.
I would gladly help
A night line has been set up
"""


@pytest.mark.parametrize("words", DANGERS.strip().splitlines())
def test_a_danger_is_noticed(words: str) -> None:
    assert may_be_danger(words, HOUSE)
    assert may_be_danger(f"Bonjour à tous. {words.upper()} ! Merci de me lire.", HOUSE)


@pytest.mark.parametrize("words", NONE.strip().splitlines())
def test_ways_of_speaking_are_no_danger(words: str) -> None:
    assert not may_be_danger(words, HOUSE)


EVERYDAY = """
Bonjour à tous, voici des nouvelles de la maison. Nous avons planté des tomates et du basilic avec les enfants. La réunion de
mardi est reportée à jeudi, dans la grande salle du centre social. J'ai apporté le dossier à la mairie, la dame était
aimable. Ma fille apprend à nager, elle va à la piscine avec sa cousine. Le kiné nous a montré trois exercices pour le dos.
On a mangé une tarte aux pommes chez les voisins. Le nouveau fauteuil roule bien sur les pavés. Papa regarde le rugby le
samedi avec son frère. L'école a proposé un coin calme près de la fenêtre. Nous cherchons une salle pour vingt personnes au
printemps. J'ai rangé les photos de la sortie dans le dossier partagé. Le bus ne passe plus devant la gare pendant les
travaux. Ma sœur garde les petits le mercredi. Le carnet de repas nous aide à préparer les courses. On a chanté dans la
voiture tout le long du chemin. Le chat dort sur le courrier.
"""


@pytest.mark.parametrize(
    "words", ["Mon mari me frappe quand il boit.", "Je veux en finir avec la vie.", "Je pense au suicide."]
)
def test_one_sentence_of_danger_does_not_drown(words: str) -> None:
    assert len(EVERYDAY) * 2 > 1500
    assert may_be_danger(f"{EVERYDAY} {words} {EVERYDAY}", HOUSE)
    assert not may_be_danger(EVERYDAY + EVERYDAY, HOUSE)
    assert not may_be_danger(EVERYDAY.replace(".", ""), HOUSE)


def test_words_of_two_sentences_make_no_danger() -> None:
    assert not may_be_danger("Il menace de partir. La mort de ma mère est loin.", HOUSE)


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
