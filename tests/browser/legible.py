"""What makes a page hard to read: pale text, small text, what is outside of the window."""

import re
from typing import Any

from playwright.sync_api import Page

SCHEMES = ("light", "dark")
_LEAST_CONTRAST = 4.5  # WCAG 2.2, success criterion 1.4.3
_LEAST_SIZE = 9

# Each piece of text that is seen: itself, its colour, its size on the screen, and what is behind it, innermost first.
_TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
  for (let node; node = walker.nextNode();) {
    const element = node.parentElement, style = getComputedStyle(element), range = document.createRange();
    range.selectNodeContents(node);
    if (!node.data.trim() || !range.getBoundingClientRect().width) continue;
    const behind = [];
    for (let at = element; at; at = at.parentElement) behind.push(getComputedStyle(at).backgroundColor);
    const matrix = element.getScreenCTM?.(), scale = matrix ? matrix.a : 1;
    texts.push({
      text: node.data, color: matrix ? style.fill : style.color, size: parseFloat(style.fontSize) * scale, behind,
    });
  }
  return texts;
}"""
_OUTSIDE = """() => [...document.body.querySelectorAll("*")].filter(element => {
  const box = element.getBoundingClientRect();
  return box.width && (box.left < -0.5 || box.right > document.documentElement.clientWidth + 0.5);
}).map(element => element.outerHTML.slice(0, 80))"""


def texts(page: Page) -> list[str]:
    """All that is seen."""
    return [each["text"] for each in page.evaluate(_TEXTS)]


def hard_to_read(page: Page) -> list[dict[str, Any]]:
    """Texts that are pale, or small."""
    return [
        each
        for each in page.evaluate(_TEXTS)
        if _contrast(each["color"], each["behind"]) < _LEAST_CONTRAST or each["size"] < _LEAST_SIZE
    ]


def outside(page: Page) -> list[str]:
    """What is beyond the sides of the window."""
    found: list[str] = page.evaluate(_OUTSIDE)
    return found


def ground_of(page: Page) -> str:
    """Say whether the page is light or dark."""
    return (
        "light"
        if _luminance(_parse(page.evaluate("getComputedStyle(document.body).backgroundColor"))) > 0.5
        else "dark"
    )


def _parse(color: str) -> list[float]:
    """Read `rgb(…)` or `rgba(…)`, each part from 0 to 1."""
    red, green, blue, *alpha = map(float, re.findall(r"[\d.]+", color))
    return [red / 255, green / 255, blue / 255, *(alpha or [1.0])]


def _luminance(color: list[float]) -> float:
    """The relative luminance of WCAG 2.2."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(color: str, behind: list[str]) -> float:
    ground = next(parsed for parsed in map(_parse, behind) if parsed[3] == 1)
    high, low = sorted([_luminance(_parse(color)), _luminance(ground)], reverse=True)
    return (high + 0.05) / (low + 0.05)
