"""Law 10: the catalogues are fresh, placeholders are equal, and no f-string goes through gettext."""

import ast
import re
import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from frontend import words

from house.walking import make, modules

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
THAI = re.compile("[ก-๛]")
GENDERED = re.compile(r"\b(she|her|hers|herself|he|him|his|himself)\b", re.IGNORECASE)


def stale(root: Path) -> list[str]:
    """Catalogues that gathering anew would change, and words without a translation."""
    found = []
    for path in words.catalogues(root):
        catalogue, lacking = words.refresh(root, path, [])
        found += [f"{path.name} has no translation of: {text}" for text in lacking]
        if words.as_text(catalogue) != path.read_text("utf-8"):
            found.append(f"{path.relative_to(root)} is not fresh: run ./dev words")
    return found


def uneven(catalogue: Catalog) -> list[str]:
    """Translations whose placeholders are not those of the original."""
    found = []
    for message in catalogue:
        asked = set(PLACEHOLDER.findall(" ".join(_all(message.id))))
        said = [set(PLACEHOLDER.findall(text)) for text in _all(message.string) if text]
        if message.id and any(each != asked for each in said):
            found.append(f"{message.id}: {said}")
    return found


def _all(text: str | list[str] | tuple[str, ...]) -> list[str]:
    return [text] if isinstance(text, str) else [*text]


def f_strings(root: Path) -> list[str]:
    """Calls of gettext whose words are made on the spot, and so are in no catalogue."""
    return [
        module.at(node)
        for module in modules(root)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in words.CALLS
        if node.args and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]


def names_not_gathered(root: Path) -> list[str]:
    """Where gettext is called by a name of which `./dev words` knows nothing: its sentences would stay English."""
    known = words.CALLS | words.PLURALS
    return [
        f"{module.at(node)}: {name.asname or name.name}"
        for module in modules(root)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if "gettext" in name.name and (name.asname or name.name) not in known
    ]


def test_every_name_by_which_gettext_is_called_is_gathered(house: Path) -> None:
    assert names_not_gathered(house) == []


def test_gettext_by_a_name_of_its_own_breaks_the_law(small: Path) -> None:
    make(small, {"src/sarana/ground/odd.py": "from django.utils.translation import gettext as tell\n"})
    assert names_not_gathered(small) == ["src/sarana/ground/odd.py:1: tell"]


def sentences_made_on_the_spot(root: Path) -> list[str]:
    """Errors of rooms that speak on pages whose sentence or cure is put together, and so is in no catalogue."""
    return [
        module.at(node)
        for module in modules(root)
        if module.path.as_posix().startswith(words.ROOMS)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in words.ERRORS
        for said in [*node.args[1:2], *(keyword.value for keyword in node.keywords if keyword.arg == "cure")]
        if isinstance(said, ast.JoinedStr | ast.BinOp)
    ]


def test_errors_speak_in_sentences_of_the_catalogue(house: Path) -> None:
    assert sentences_made_on_the_spot(house) == []


def test_an_error_put_together_breaks_the_law(small: Path) -> None:
    assert sentences_made_on_the_spot(small) == []
    make(small, {"src/sarana/ground/b.py": 'raise NotYet("A-1", f"Not {so}.", cure="a" + b)\n'})
    assert len(sentences_made_on_the_spot(small)) == 2


def test_the_catalogues_are_fresh_and_whole(house: Path) -> None:
    assert words.catalogues(house), "there is no catalogue"
    assert stale(house) == []


def test_placeholders_of_translations_are_those_of_the_originals(house: Path) -> None:
    assert [line for path in words.catalogues(house) for line in uneven(words.read(path))] == []


def test_no_words_are_made_on_the_spot_for_gettext(house: Path) -> None:
    assert f_strings(house) == []


OTHER_THAI = {
    r"(?<!เ)ท่าน": "คุณ",
    r"(?<!43 )(?<!เลขที่)แฟ้ม": "ไฟล์",
    r"ผู้ดูแลข้อมูล": "ผู้ดูแลรักษาข้อมูล",
    r"ผู้ดูแลเครื่อง": "ผู้ดูแลระบบ",
    r"ลงชื่อเข้าใช้": "เข้าสู่ระบบ",
}
"""Second words for what one page calls otherwise already: the reader, a file, roles by their names, signing in."""


def otherwise_called(catalogue: Catalog) -> list[str]:
    """Thai translations in which the same thing has two words."""
    return [
        f"{message.id}: say {better}"
        for message in catalogue
        for other, better in OTHER_THAI.items()
        if any(re.search(other, text) for text in _all(message.string))
    ]


def test_one_thing_has_one_word_in_thai(house: Path) -> None:
    path = house / words.LOCALE / "th/LC_MESSAGES/django.po"
    assert otherwise_called(words.read(path)) == []


def test_a_second_word_for_the_reader_breaks_the_law() -> None:
    catalogue = Catalog(locale="th")
    catalogue.add("yours", "ของท่าน")
    catalogue.add("only", "เท่านั้น เลขที่แฟ้ม")
    assert otherwise_called(catalogue) == ["yours: say คุณ"]


def gendered(root: Path) -> list[str]:
    """What pages about people who are helped say of them as of women or of men."""
    path = words.catalogues(root)[0]
    catalogue, _lacking = words.refresh(root, path, [])
    said = ((text, [place for place, _line in message.locations]) for message in catalogue for text in _all(message.id))
    return [text for text, places in said if GENDERED.search(text) and any("/care/" in f"/{place}" for place in places)]


def test_words_about_people_who_are_helped_fit_everybody(house: Path) -> None:
    assert gendered(house) == []


def test_a_word_about_women_alone_breaks_the_law(small: Path) -> None:
    make(
        small, {"src/sarana/care/people/a.py": 'x = _("she said so")\n', "src/sarana/ground/b.py": 'x = _("her own")\n'}
    )
    assert gendered(small) == ["she said so"]


def test_thai_translations_are_written_in_thai(house: Path) -> None:
    path = house / words.LOCALE / "th/LC_MESSAGES/django.po"
    worded = [m for m in words.read(path) if re.search("[A-Za-z]", PLACEHOLDER.sub("", _all(m.id)[0]))]
    strange = [m.id for m in worded if not all(THAI.search(text) for text in _all(m.string))]
    assert len(worded) > 100
    assert strange == []


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A house with one word in code, one in a template, one in an error, and a fresh catalogue."""
    make(
        tmp_path,
        {
            "src/sarana/ground/a.py": 'x = _("Today")\nraise NotYet("A-1", "Not so.", cure="Wait.")\n',
            "src/sarana/ground/templates/a.html": (
                '{% translate "Save" %}{% blocktranslate %}Of {{ n }}{% endblocktranslate %}'
                "<c-panel title=\"{% translate 'Map' %}\">"
                "{% blocktranslate count n=x|length %}one{% plural %}{{ n }} many{% endblocktranslate %}"
            ),
            "src/sarana/locale/th/LC_MESSAGES/django.po": (
                'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
            ),
        },
    )
    return tmp_path


def translated(root: Path, **said: str) -> None:
    """Write translations of the small house into its catalogue."""
    parts = [f'msgid "{text}"\nmsgstr "{thai}"\n' for text, thai in said.items()]
    parts.append('msgid "one"\nmsgid_plural "%(n)s many"\nmsgstr[0] "ก %(n)s"\n')
    (root / "th.po").write_text("\n".join(parts), "utf-8")
    (path,) = words.catalogues(root)
    catalogue, _lacking = words.refresh(root, path, [root / "th.po"])
    path.write_text(words.as_text(catalogue), "utf-8")


def test_words_are_found_in_code_in_errors_and_in_templates(small: Path) -> None:
    found = {word.text for word in words.gather(small)}
    assert found == {"Today", "Not so.", "Wait.", "Save", "Of %(n)s", "Map", "one"}


def test_a_word_without_translation_breaks_the_law(small: Path) -> None:
    translated(small, Today="ก", Save="ก")
    assert [line for line in stale(small) if "Map" in line]


def test_a_word_that_no_page_says_any_more_breaks_the_law(small: Path) -> None:
    whole = {"Today": "ก", "Save": "ก", "Map": "ก", "Not so.": "ก", "Wait.": "ก", "Of %(n)s": "ก %(n)s"}
    translated(small, **whole)
    assert stale(small) == []
    (small / "src/sarana/ground/a.py").write_text('x = _("Today")\n', "utf-8")
    assert stale(small) == ["src/sarana/locale/th/LC_MESSAGES/django.po is not fresh: run ./dev words"]


def test_a_lost_placeholder_breaks_the_law(small: Path) -> None:
    translated(small, **{"Of %(n)s": "ก"})
    assert len(uneven(words.read(words.catalogues(small)[0]))) == 1


def test_an_f_string_in_gettext_breaks_the_law(small: Path) -> None:
    make(small, {"src/sarana/ground/b.py": 'x = _(f"of {n}")\ny = _("a" + b)\nz = _("a")\n'})
    assert len(f_strings(small)) == 2


def test_a_compiled_catalogue_is_what_gettext_reads(small: Path) -> None:
    translated(small, Today="วันนี้")
    (path,) = words.catalogues(small)
    compiled = words.compile_one(path)
    assert compiled.read_bytes()[:4] == b"\xde\x12\x04\x95"
    assert not list(compiled.parent.glob("*.part"))
    shutil.rmtree(compiled.parent)
