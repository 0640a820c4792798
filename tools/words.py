"""Keep the catalogues of translations in step with the code: `make words` writes them, `make check` tells what is missing."""

import io
import re
import string
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "copbot" / "locale"
COMPLETE = ("fr",)  #: must have every sentence
VARIANTS = ("fr_falc", "en_easy")  #: easy-to-read: only the sentences that differ
KEYWORDS = {"_": None, "_n": (1, 2)}

_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf]")


def main(arguments: list[str]) -> int:
    """Write the catalogues, or with --check say what is wrong with them; answer the exit code."""
    wanted = {name: updated(name) for name in COMPLETE + VARIANTS}
    if "--check" not in arguments:
        for name, catalogue in wanted.items():
            path(name).parent.mkdir(parents=True, exist_ok=True)
            path(name).write_bytes(printed(catalogue))
        return 0
    problems = [problem for name, catalogue in wanted.items() for problem in problems_of(name, catalogue)]
    print("\n".join(problems) or "Every sentence is translated.")
    return 1 if problems else 0


def path(name: str) -> Path:
    """Where the catalogue lies."""
    return LOCALE / name / "copbot.po"


def template() -> Catalog:
    """Every sentence in the code."""
    catalogue = Catalog(project="copbot")
    found = extract_from_dir(str(ROOT / "copbot"), method_map=[("**.py", "python")], keywords=KEYWORDS)
    for file, _line, message, _comments, _context in sorted(found, key=lambda one: (one[0], one[1])):
        catalogue.add(message, locations=[(f"copbot/{file}", 1)])
    return catalogue


def updated(name: str) -> Catalog:
    """The catalogue as it should be: every sentence of the code, none that is gone, with the translations there are."""
    language = name.partition("_")[0]
    old = read_po(path(name).open("rb"), locale=language) if path(name).exists() else Catalog()
    new = Catalog(locale=language, project="copbot", header_comment=f"# copbot in {name}", fuzzy=False)
    for message in template():
        known = old.get(message.id) if message.id else None
        if message.id and (name in COMPLETE or (known and _filled(known))):
            new.add(message.id, known.string if known else None, locations=message.locations)
    return new


def printed(catalogue: Catalog) -> bytes:
    """The file, the same on every machine and every day."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, omit_header=True, include_lineno=False, sort_by_file=True)
    language = str(catalogue.locale)
    plural = "nplurals=2; plural=(n > 1);" if language == "fr" else "nplurals=2; plural=(n != 1);"
    fields = {"Language": language, "Content-Type": "text/plain; charset=utf-8", "Plural-Forms": plural}
    header = 'msgid ""\nmsgstr ""\n' + "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items())
    return f"{header}\n".encode() + out.getvalue()


def problems_of(name: str, catalogue: Catalog) -> list[str]:
    """What a reader would stumble over."""
    found = []
    if not path(name).exists() or path(name).read_bytes() != printed(catalogue):
        found.append(f"{name}: not in step with the code; run make words")
    for message in catalogue:
        if message.id:
            found += [f"{name}: {problem}: {_key(message)!r}" for problem in _problems(message, name)]
    return found


def _problems(message: Message, name: str) -> list[str]:
    if not _filled(message):
        return ["not translated"]
    found = []
    for text in _forms(message.string):
        if not _fields(text) <= _fields("".join(_forms(message.id))):
            found.append("has other fields than the English")
        if name == "fr" and re.search(r"\w[;!?]|\w:(?!\d|//)|«\S|\S»", text):
            found.append("French wants a space there")
        if name == "fr" and "·" in text:
            found.append("no middle dots, screen readers stumble on them")
        if len(_EMOJI.findall(text)) > (1 if name == "fr" else 0):
            found.append("too many emoji")
    return found


def _fields(text: str) -> set[str]:
    return {field for _literal, field, _spec, _conversion in string.Formatter().parse(text) if field}


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def _filled(message: Message) -> bool:
    return bool(message.string) and all(_forms(message.string))


def _key(message: Message) -> str:
    return _forms(message.id)[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
