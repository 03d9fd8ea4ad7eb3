"""How ``make docs`` makes one site of these pages: Sphinx reads their Markdown, and docstrings for the reference."""

import os
import re
import tomllib
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import inspect
from sphinx.util.inspect import stringify_signature

DOCS = Path(__file__).parent
ROOT = DOCS.parent
#: Pages of the repository that the site has under these names; of the README it has what the front page says.
FROM_ABOVE = {"changelog": "CHANGELOG.md", "contributing": "CONTRIBUTING.md", "security": "SECURITY.md"}
SITE = {ROOT / name: DOCS / f"{page}.md" for page, name in {**FROM_ABOVE, "index": "README.md"}.items()}
_CODE = re.compile(r"(^```.*?^```$)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[([^\[\]]+)\]\((?![a-z]+:)([^)#\s]+)(#[^)\s]*)?\)")

project = "cdk-bedrock-batch"
release = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = f"{project} {release}"
html_show_copyright = False
html_static_path = ["static"]
html_css_files = ["tables.css"]
myst_heading_anchors = 4
# Fields are called as types are, such as `bytes`; which of both a signature means is plain to who reads it.
suppress_warnings = ["ref.python"]


def setup(app: Sphinx) -> None:
    """Have each page pass through here before it is read, and each signature before it is written."""
    app.connect("source-read", as_in_the_site)
    app.connect("autodoc-process-signature", as_it_is_called)


def as_it_is_called(_: Sphinx, what: str, *found: Any) -> tuple[str, str] | None:  # noqa: ANN401 (what Sphinx hands over)
    """Return the signature of a construct's own `__init__`: that of jsii's metaclass is any arguments."""
    _name, item, _options, signature, _returned = found
    if what != "class" or not signature.startswith("(*args"):
        return None
    return stringify_signature(inspect.signature(item.__init__, bound_method=True), show_return_annotation=False), ""


def as_in_the_site(_: Sphinx, page: str, source: list[str]) -> None:
    """Take the pages that stand above this folder from there, and have all links lead to pages or files."""
    folder = (DOCS / page).parent
    beside = folder
    if page in FROM_ABOVE:
        source[0], beside = (ROOT / FROM_ABOVE[page]).read_text(encoding="utf-8"), ROOT
    parts = _CODE.split(source[0])
    parts[::2] = [
        _LINK.sub(lambda link: _link(link, (beside / link[2]).resolve(), folder), text) for text in parts[::2]
    ]
    source[0] = "".join(parts)


def _link(link: re.Match[str], target: Path, folder: Path) -> str:
    """Write a link for a page in this folder; a folder has no page, so its name is told."""
    text, shown, anchor = link[1], link[2], link[3] or ""
    if target.is_dir():
        return f"{text} (`{shown}`)"
    target = SITE.get(target, target)
    file = "path:" if target.suffix == ".md" and not target.is_relative_to(DOCS) else ""
    return f"[{text}]({file}{os.path.relpath(target, folder)}{anchor})"
