"""Write the parts of the READMEs that are made from the code: the table of commands and the transcript of a check-in."""

import re
import subprocess
import sys
from pathlib import Path

from copbot import handlers
from copbot.core.table import markdown

ROOT = Path(__file__).parent.parent
SCRIPTS = ROOT / "tests" / "scripts"
FILES = {"README.md": "en", "LISEZMOI.md": "fr"}


def main(arguments: list[str]) -> int:
    """Write them, or with --check say which are out of date; answer the exit code."""
    handlers.load()
    old = [name for name, language in FILES.items() if (ROOT / name).read_text(encoding="utf-8") != renewed(name, language)]
    if "--check" in arguments:
        print("\n".join(f"{name}: run make readme" for name in old) or "The READMEs are up to date.")
        return 1 if old else 0
    for name in old:
        (ROOT / name).write_text(renewed(name, FILES[name]), encoding="utf-8")
    return 0


def renewed(name: str, language: str) -> str:
    """The file with its generated parts made anew."""
    text = (ROOT / name).read_text(encoding="utf-8")
    text = _between(text, "commands", markdown(language))
    return _between(text, "transcript", f"```text\n{transcript(language)}\n```")


def transcript(language: str) -> str:
    """What the terminal shows of the second check-in, the one that remembers."""
    script = SCRIPTS / f"readme.{language}.txt"
    command = [sys.executable, "-m", "copbot", "chat", "--script", str(script), "--at", "2026-03-02T09:00", "--lang", language]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout.strip()
    return re.split(r"\n(?=\d+ \[group\] \w+: /)", shown, maxsplit=1)[1]  # from the second time somebody asks something


def _between(text: str, mark: str, content: str) -> str:
    pattern = re.compile(f"(<!-- {mark} -->\n).*?(\n<!-- /{mark} -->)", re.DOTALL)
    if not pattern.search(text):
        raise SystemExit(f"the mark {mark} is missing")
    return pattern.sub(lambda found: found[1] + content + found[2], text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
