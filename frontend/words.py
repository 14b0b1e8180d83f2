"""The words that people see: gathered from code and templates, merged into the catalogues, compiled for gettext.

`./dev words` gathers and merges; `./dev words FILE.po …` also takes translations from other files. A build compiles.
No gettext programs are needed.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LOCALE = "src/sarana/locale"
ROOMS = (
    *(
        "src/sarana/ground",
        "src/sarana/care",
        "src/sarana/learning",
        "src/sarana/gates",
        "src/sarana/config/web",
        "src/sarana/basics",
    ),
    "src/sarana/methods/population/package",
    "src/sarana/methods/pictures",
)
"""Where words for pages stand; methods speak through the tables of `reference/words`, but for what is wrong with a file
that somebody sent, which its page says."""

CALLS = frozenset({"_", "_t", "gettext", "gettext_lazy", "gettext_noop"})
PLURALS = frozenset({"ngettext", "ngettext_lazy"})
ERRORS = frozenset({"Refused", "NotYet", "BadFile", "BadTable", "BadSetting", "NoRoom", "Busy"})
"""An error's sentence and its cure are shown through gettext by `ground.pages.sorry` and by forms."""

TAG = re.compile(r"\{%-?\s*(.*?)\s*-?%\}", re.DOTALL)
SIMPLE = re.compile(r"""^(?:trans|translate)\s+(?:"([^"]*)"|'([^']*)')""")
UNDERSCORE = re.compile(r"""_\(\s*(?:"([^"]+)"|'([^']+)')\s*\)""")
BLOCK = re.compile(
    r"\{%\s*blocktrans(?:late)?\b([^%]*)%\}(.*?)(?:\{%\s*plural\s*%\}(.*?))?\{%\s*endblocktrans(?:late)?\s*%\}",
    re.DOTALL,
)
VARIABLE = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Word:
    """One message, the plural it may have, and the file in which it stands."""

    text: str
    plural: str
    where: str

    @property
    def key(self) -> str | tuple[str, str]:
        """What the catalogue finds it by."""
        return (self.text, self.plural) if self.plural else self.text


def gather(root: Path) -> list[Word]:
    """Every word of code and templates, in the order of files."""
    found: list[Word] = []
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            where = path.relative_to(root).as_posix()
            if path.suffix == ".py":
                found += [Word(*each, where) for each in of_code(path.read_text("utf-8"))]
            elif path.suffix in {".html", ".txt"} and "/templates/" in where:
                found += [Word(*each, where) for each in of_template(path.read_text("utf-8"))]
    return found


def of_code(text: str) -> Iterator[tuple[str, str]]:
    """Messages of a file of Python."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in CALLS:
            yield from ((said, "") for said in _texts(node.args[:1]))
        elif name in PLURALS and len(said := list(_texts(node.args[:2]))) == 2:
            yield said[0], said[1]
        elif name in ERRORS:
            cures = [keyword.value for keyword in node.keywords if keyword.arg == "cure"]
            yield from ((said, "") for said in _texts([*node.args[1:2], *cures]))


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield node.value


def of_template(text: str) -> Iterator[tuple[str, str]]:
    """Messages of a template, as Django itself looks them up."""
    for block in BLOCK.finditer(text):
        trimmed = "trimmed" in block[1].split()
        yield _block(block[2], trimmed=trimmed), _block(block[3], trimmed=trimmed) if block[3] else ""
    for tag in TAG.finditer(BLOCK.sub("", text)):
        if said := SIMPLE.match(tag[1]):
            yield said[1] or said[2] or "", ""
    for said in UNDERSCORE.finditer(text):
        yield said[1] or said[2], ""


def _block(text: str, *, trimmed: bool) -> str:
    text = VARIABLE.sub(r"%(\1)s", text.replace("%", "%%"))
    return " ".join(line.strip() for line in text.strip().splitlines()) if trimmed else text


def catalogues(root: Path) -> list[Path]:
    """The catalogues there are."""
    return sorted((root / LOCALE).glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    """A catalogue, or a file of translations without a head."""
    language = path.parents[1].name if path.name == "django.po" else "th"
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def compile_all(root: Path) -> list[Path]:
    """Write each catalogue as gettext reads it, beside its source; git does not keep these."""
    return [compile_one(path) for path in catalogues(root)]


def compile_one(path: Path) -> Path:
    """Write one catalogue as gettext reads it."""
    target = path.with_suffix(".mo")
    packed = io.BytesIO()
    write_mo(packed, read(path))
    part = target.with_suffix(".part")
    part.write_bytes(packed.getvalue())
    part.replace(target)
    return target


def refresh(root: Path, path: Path, others: list[Path]) -> tuple[Catalog, list[str]]:
    """Gathered words with the translations there are; gives the new catalogue and what still lacks one."""
    known = _known([path, *others])
    catalogue = Catalog(locale=path.parents[1].name, project="Sarana", version="", charset="utf-8", fuzzy=False)
    catalogue.header_comment = "# Words of the pages of Sarana. Refreshed by `./dev words`; written by hand."
    for word in gather(root):
        files = sorted(
            {*[name for name, _ in (catalogue.get(word.key).locations if word.key in catalogue else [])], word.where}
        )
        catalogue.delete(word.key)
        catalogue.add(
            word.key, known.get(word.text, "" if not word.plural else ("",)), locations=[(f, 0) for f in files]
        )
    lacking = [str(m.id) for m in catalogue if m.id and not (m.string if isinstance(m.string, str) else all(m.string))]
    return catalogue, lacking


def _known(paths: list[Path]) -> dict[str, str | tuple[str, ...]]:
    """Translations by their first message; a later file wins over an earlier one where it says something."""
    found: dict[str, str | tuple[str, ...]] = {}
    for path in paths:
        if not path.is_file():
            continue
        for message in read(path):
            text = message.id[0] if isinstance(message.id, list | tuple) else message.id
            said = message.string if isinstance(message.string, str) else tuple(message.string)
            if text and said and said != ("",):
                found[text] = said
    return found


def as_text(catalogue: Catalog) -> str:
    """A catalogue as its file: sorted, without line numbers and dates, so that a merge rarely disagrees."""
    written = io.BytesIO()
    write_po(written, catalogue, width=118, sort_output=True, include_lineno=False, omit_header=False)
    lines = written.getvalue().decode().splitlines(keepends=True)
    return "".join(
        line
        for line in lines
        if not re.match(r'"(POT-Creation|PO-Revision)-Date|"Last-Translator|"Language-Team|"Generated-By', line)
    )


def main(root: Path, others: list[Path]) -> int:
    """Refresh every catalogue, compile it, and say what is lacking."""
    n_lacking = 0
    for path in catalogues(root):
        catalogue, lacking = refresh(root, path, others)
        path.write_text(as_text(catalogue), "utf-8")
        compile_one(path)
        n_lacking += len(lacking)
        sys.stdout.write(f"{path.relative_to(root)}: {len(catalogue)} messages, {len(lacking)} without a translation\n")
        sys.stdout.writelines(f"  {text}\n" for text in lacking)
    return 1 if n_lacking else 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parents[1], [Path(name) for name in sys.argv[1:]]))
