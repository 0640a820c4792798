"""A whole cycle, from one meeting to the next, as it plays in the terminal in French and in English."""

import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent / "scripts"

PROMISES = {
    "en": {
        "the programme": "Meeting 2, Tuesday 7 April at 14:00, Angers: Keeping people",
        "the remembered intention": "On Tuesday 3 February you meant to try: visual planning at snack time",
        "the story in the digest": "amina: The children look at the pictures before they ask.",
        "the practice found in spite of the slip": "1) Difficult meals",
        "the trial under it": "Your words now stand under practice 3",
        "the reminder as it was understood": "Noted: Friday 13 February at 18:30 (Paris time).",
        "the recap": "Here is what happened since our meeting of Tuesday 3 February.",
        "the file": "[recap-2026-04-07.md,",
    },
    "fr": {
        "the programme": "Rencontre 2, mardi 7 avril à 14 h, Angers : Fidélisation des salariés",
        "the remembered intention": "Le mardi 3 février, vous vouliez essayer : le planning visuel au goûter",
        "the story in the digest": "amina : Les enfants regardent les images avant de demander.",
        "the practice found in spite of the slip": "1) Repas difficiles",
        "the trial under it": "Vos mots figurent maintenant sous la fiche 3",
        "the reminder as it was understood": "Noté : vendredi 13 février à 18 h 30 (heure de Paris).",
        "the recap": "Voici ce qui s'est passé depuis notre rencontre du mardi 3 février.",
        "the file": "[recap-2026-04-07.md,",
    },
}
REMINDER = {"en": "copbot: Reminder: prepare the session", "fr": "copbot: Rappel : préparer la séance"}
NUDGE = {"en": "1) Answer now", "fr": "1) Répondre maintenant"}


@cache
def played(language: str) -> str:
    """What the terminal shows, non-breaking spaces as plain ones."""
    script = SCRIPTS / f"two-months.{language}.txt"
    command = [sys.executable, "-m", "copbot", "chat", "--script", str(script), "--at", "2026-02-02T09:00", "--lang", language]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    return run.stdout.replace("\u00a0", " ")


@pytest.mark.parametrize(("language", "promise"), [(language, promise) for language in PROMISES for promise in PROMISES["en"]])
def test_the_cycle_holds(language: str, promise: str) -> None:
    assert PROMISES[language][promise] in played(language)


@pytest.mark.parametrize("language", PROMISES)
def test_the_reminder_comes_each_friday_whatever_the_clocks_do(language: str) -> None:
    comes = played(language).count(f"[@amina] {REMINDER[language]}")
    assert comes == 8, "six Fridays of winter time from 13 February, the 27 March, and the 3 April in summer time"


@pytest.mark.parametrize("language", PROMISES)
def test_two_nudges_at_most_and_to_the_silent_alone(language: str) -> None:
    nudges = [message for message in re.split(r"\n(?=\d+ \[)", played(language)) if NUDGE[language] in message]
    nudged = Counter(re.findall(r"\[@(\w+)\]", "\n".join(nudges)))
    assert nudged == {"claire": 4, "denis": 4, "elise": 4}, "two in each of two rounds"


@pytest.mark.parametrize("language", PROMISES)
def test_no_message_is_a_wall(language: str) -> None:
    for message in re.split(r"\n(?=\d+ \[)", played(language)):
        if "copbot: " in message:
            spoken = [line for line in message.splitlines() if not re.match(r"    (\d+\) |\[)", line) and line.strip()]
            assert len(spoken) <= 8, message


@pytest.mark.parametrize("language", PROMISES)
def test_the_silent_are_named_nowhere(language: str) -> None:
    for message in re.split(r"\n(?=\d+ \[)", played(language)):
        if "[group] copbot: " in message and ("digest" in message or "bilan" in message or "check-in" in message):
            assert "denis" not in message
            assert "claire" not in message
