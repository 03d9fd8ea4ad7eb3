"""What pip's configuration says, as uv takes it: uv reads none of pip's files and variables.

https://pip.pypa.io/en/stable/topics/configuration/ and https://docs.astral.sh/uv/reference/environment/
"""

import ast
import math
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

Settings = Mapping[str, str]

# Later ones win, as in pip.
_SECTIONS = ("global", "install", ":env:")
# That say nothing of what is installed, from where.
_NEUTRAL = frozenset(
    (
        "compile",
        "config-file",
        "disable-pip-version-check",
        "log",
        "no-color",
        "no-compile",
        "no-input",
        "no-python-version-warning",
        "no-warn-script-location",
        "prefer-binary",
        "progress-bar",
        "quiet",
        "require-virtualenv",
        "root-user-action",
        "verbose",
    )
)
_TRUE = ("1", "true", "yes", "on")


class NoCounterpartError(Exception):
    """A setting of pip that uv has no counterpart of."""


def read(listed: str) -> Settings:
    """Read what ``pip config list`` prints: each setting of an installation to its value.

    Parameters
    ----------
    listed
        Lines such as ``global.index-url='https://…'``.
    """
    found: dict[str, dict[str, str]] = {section: {} for section in _SECTIONS}
    for section, name, value in re.findall(r"^(global|install|:env:)\.([\w-]+)=(.+)$", listed, re.MULTILINE):
        found[section][name.replace("_", "-")] = str(ast.literal_eval(value))
    return {name: value for section in _SECTIONS for name, value in found[section].items()}


def for_uv(settings: Settings, locked: Iterable[str], environment: Settings) -> dict[str, str]:
    """Return the variables by which uv does as pip would.

    Parameters
    ----------
    settings
        Those of pip.
    locked
        The names of the packages that are to be installed, each of which is locked to one version.
    environment
        Of this process: what it says to uv counts more, and pip takes certificates from it.

    Raises
    ------
    NoCounterpartError
        One of the settings means nothing to uv; the message names it.
    """
    told = {"UV_INDEX_STRATEGY": "unsafe-best-match"} if "extra-index-url" in settings else {}
    for name, value in settings.items():
        if name == "constraint":
            _check_constraints(value, frozenset(map(canonical, locked)))
        elif name in _COUNTERPARTS:
            told |= _COUNTERPARTS[name](value)
        elif name not in _NEUTRAL:
            raise NoCounterpartError(f"pip's setting {name} has no counterpart in uv")
    certificates = next((environment[name] for name in _CERTIFICATES if environment.get(name)), None)
    if "cert" not in settings:
        # pip takes these, and else what the system trusts.
        told |= {"SSL_CERT_FILE": certificates} if certificates else {"UV_SYSTEM_CERTS": "true"}
    own = {name for name in environment if name.startswith("UV_")}
    return {name: value for name, value in told.items() if name not in own}


def canonical(name: str) -> str:
    """Return the name of a package as indexes spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


_CERTIFICATES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def _one(variable: str) -> Callable[[str], dict[str, str]]:
    return lambda value: {variable: value}


def _several(variable: str, separator: str) -> Callable[[str], dict[str, str]]:
    return lambda value: {variable: separator.join(value.split())}


def _cache_below(value: str) -> dict[str, str]:
    return {"UV_CACHE_DIR": str(Path(value, "uv"))}


def _whole(variable: str) -> Callable[[str], dict[str, str]]:
    return lambda value: {variable: str(math.ceil(float(value)))}


def _flag(variable: str) -> Callable[[str], dict[str, str]]:
    return lambda value: {variable: "true"} if value.lower() in _TRUE else {}


def _find_links(value: str) -> dict[str, str]:
    if "," in value:
        raise NoCounterpartError("pip's setting find-links has a comma, between which uv would see two places")
    return {"UV_FIND_LINKS": ",".join(value.split())}


def _proxy(value: str) -> dict[str, str]:
    return dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), value)


_COUNTERPARTS: Mapping[str, Callable[[str], dict[str, str]]] = {
    "index-url": _one("UV_DEFAULT_INDEX"),
    "extra-index-url": _several("UV_INDEX", " "),
    "find-links": _find_links,
    "no-index": _flag("UV_NO_INDEX"),
    "cert": _one("SSL_CERT_FILE"),
    "client-cert": _one("SSL_CLIENT_CERT"),
    "trusted-host": _several("UV_INSECURE_HOST", " "),
    "proxy": _proxy,
    "timeout": _whole("UV_HTTP_TIMEOUT"),
    "default-timeout": _whole("UV_HTTP_TIMEOUT"),
    "retries": _one("UV_HTTP_RETRIES"),
    "cache-dir": _cache_below,
    "no-cache-dir": _flag("UV_NO_CACHE"),
}


def _check_constraints(files: str, locked: frozenset[str]) -> None:
    """Refuse constraints of what is locked. uv takes none without hashes; of anything else they say nothing here."""
    for file in files.split():
        try:
            lines = Path(file.removeprefix("file://")).read_text(encoding="utf-8").splitlines()
        except OSError:
            raise NoCounterpartError(f"pip's setting constraint names {file}, which cannot be read here") from None
        for line in lines:
            if (said := line.partition("#")[0].strip()) and not _constrains_another(said, locked):
                raise NoCounterpartError(f"pip's setting constraint says {said}")


def _constrains_another(line: str, locked: frozenset[str]) -> bool:
    name = re.match(r"[A-Za-z0-9][\w.-]*", line)
    return name is not None and canonical(name[0]) not in locked
