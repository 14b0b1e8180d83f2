"""What a machine can see that is wrong with a page: cut off, too small to touch, not in the reader's language."""

import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

SMALLEST_TARGET = 44
NARROW = 360

SEEN = r"""
(() => {
  const shown = (e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && !e.closest('.unseen, .skip') && !e.closest('.maplibregl-map canvas');
  const told = (e) => `${e.tagName.toLowerCase()}${e.className && e.className.baseVal === undefined
    ? '.' + e.className : ''} "${(e.textContent || e.value || '').trim().slice(0, 50)}"`;
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const pen = document.createElement('canvas').getContext('2d');
  const widthOf = (e, text) => { pen.font = getComputedStyle(e).font; return pen.measureText(text).width; };
  const inside = (e) => { const s = getComputedStyle(e);
    return e.clientWidth - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight); };
  const found = {cut: [], small: [], sideways: [], words: []};

  for (const e of all('body *')) {
    const s = getComputedStyle(e);
    const hides = ['hidden', 'clip'].includes(s.overflowX) || ['hidden', 'clip'].includes(s.overflowY);
    if (hides && s.clipPath === 'none' && e.tagName !== 'CANVAS' && !e.matches('.map, .map *, progress')
        && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1)) found.cut.push(told(e));
    if (['auto', 'scroll'].includes(s.overflowX) && e.scrollWidth > e.clientWidth + 1) found.sideways.push(told(e));
  }
  for (const e of all('input:not([type=checkbox]):not([type=radio]):not([type=hidden])')) {
    const text = e.value ? '' : e.placeholder || '';
    if (text && widthOf(e, text) > inside(e) + 1) found.cut.push(`placeholder "${text}"`);
  }
  for (const e of all('select')) {
    // What is chosen may end in three dots: the list that opens has it whole.
    const text = e.selectedOptions[0]?.textContent.trim() || '';
    const isDotted = getComputedStyle(e).textOverflow === 'ellipsis';
    if (widthOf(e, text) > inside(e) && !isDotted) found.cut.push(`select "${text}"`);
  }
  // An area on a map is as large as it is: the table beside it has the same link.
  const links = 'a[href]:not(svg[aria-hidden="true"] a)';
  for (const e of all(`${links}, button, input:not([type=hidden]), select, textarea, summary`)) {
    const label = ['checkbox', 'radio'].includes(e.type) ? e.closest('label') || (e.labels[0] ?? e) : e;
    const box = label.getBoundingClientRect();
    // A link within a sentence is as high as its line: so WCAG has it.
    const inSentence = e.matches('a') && getComputedStyle(e).display === 'inline'
      && [...e.parentElement.childNodes].some(n => n !== e && n.nodeType === 3 && n.textContent.trim().length > 1);
    if (!inSentence && box.width && (box.height < LEAST - .5 || box.width < LEAST - .5))
      found.small.push(`${Math.round(box.width)}x${Math.round(box.height)} ${told(e)}`);
  }
  const here = document.documentElement.lang;
  const foreign = `[lang]:not(html):not([lang|=${here}]), code, .code, .secret, .kept, kbd, .mark`;
  const own = (n) => n.parentElement.closest('script, style, noscript, canvas, ' + foreign);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walker.nextNode(); n; n = walker.nextNode())
    if (n.textContent.trim() && !own(n)) found.words.push(n.textContent);
  for (const e of document.querySelectorAll('[aria-label], [placeholder], [title], [data-done]')) {
    if (e.closest(foreign)) continue;
    for (const name of ['aria-label', 'placeholder', 'title', 'data-done'])
      if (e.getAttribute(name)) found.words.push(e.getAttribute(name));
  }
  found.words.push(document.title);
  return found;
})()
""".replace("LEAST", str(SMALLEST_TARGET))

LATIN = re.compile(r"(?<![À-ɏḀ-ỿ])[A-Za-z][A-Za-z'-]+(?![A-Za-zÀ-ɏḀ-ỿ])")
"""A word without a mark on any letter: a name in Vietnamese is no English."""
OWN_NAMES = frozenset(
    {"Sarana", "SQLite", "PostgreSQL", "Natural", "Earth", "PIN", "HTTPS", "JavaScript", "Chrome", "Linux", "English"}
    | {
        "OCHA",
        "P-code",
        "P-codes",
        "HTCDS",
        "IOM",
        "ISIC",
        "Rev",
        "CC",
        "BY",
        "Apache-",
        "CSV",
        "XLSX",
        "GeoJSON",
        "KML",
        "UTF-",
        "ZIP",
    }
    | {
        "THB",
        "TH",
        "CE",
        "BE",
        "Ctrl",
        "Tab",
        "mfa",
        "DMC",
        "MB",
        "MiB",
        "xlsx",
        "Parquet",
        *("JPEG", "PNG", "WebP", "HEIC", "AVIF"),
        "WGS",
        "EPSG",
        "Alt",
        "Shift",
        "Control",
        "Option",
    }
)
"""Words that are the same in every language: names of things, codes, units."""
TYPED = re.compile(
    r"House of trials|first lock|sarana-\d{8}T\d{6}Z\.backup|Demo: [A-Za-z -]+|Chiang Mai, invented|[a-z]+\d*(-[a-z]+)+-\d+|“boundaries”|[A-Z]+-\d{3}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|https?://\S+|\b\d+\.\d\S*|"
    r"Noi[ ,]+[A-Za-z ]+|(noi|demo)-[\w-]+|zzzz|[\w-]+\.(toml|geojson|csv|xlsx|kml|zip)|คอลัมน์ [A-Za-z, -]+|"
    r"\bSR-[2-9A-Z]{5}\b|[A-Z]{2}\d{2,}|\w+:[a-z-]+|"
    r"sarana [a-z]+( [a-z]+)?|Human Trafficking Case Data Standard|(?<!\S)(/[\w.-]+){2,}"
)
"""What somebody typed or a machine counts by: names of persons as they gave them, codes, references, addresses."""


def english_in(texts: list[str]) -> Iterator[str]:
    """The English words among texts of a Thai page."""
    for text in texts:
        left = [word for word in LATIN.findall(TYPED.sub(" ", text)) if word not in OWN_NAMES]
        if left:
            yield f"{' '.join(left)} in “{' '.join(text.split())[:70]}”"


def wrong_on(page: Page, *, width: int, language: str) -> Iterator[str]:
    """What is cut off, what is too small to touch on a telephone, what is English on a Thai page."""
    found: dict[str, list[Any]] = page.evaluate(SEEN)
    yield from (f"cut off: {each}" for each in found["cut"])
    if width == NARROW:
        yield from (f"small target: {each}" for each in found["small"])
    if language == "th":
        yield from (f"English: {each}" for each in english_in(found["words"]))
