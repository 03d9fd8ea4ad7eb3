"""Each setting of pip that counts for what is installed has its counterpart in uv, or pip does the work."""

from pathlib import Path

import pytest

from installation.pip_settings import NoCounterpartError, for_uv, read

LOCKED = ["Some.Thing"]


def told(*lines: str, **environment: str) -> dict[str, str]:
    return for_uv(read("\n".join(lines)), LOCKED, environment)


def test_settings_are_told_as_uv_takes_them() -> None:
    found = told(
        "global.index-url='https://a.example/simple'",
        "global.extra-index-url='https://b.example/simple\\nhttps://c.example/simple'",
        "global.find-links='/wheels /more'",
        "global.cert='/ca.pem'",
        "global.trusted-host='a.example b.example'",
        "global.proxy='http://p.example:1'",
        "global.timeout='2.5'",
        "global.cache-dir='/c'",
        "global.disable-pip-version-check='1'",
    )
    assert found == {
        "UV_DEFAULT_INDEX": "https://a.example/simple",
        "UV_INDEX": "https://b.example/simple https://c.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": "/wheels,/more",
        "SSL_CERT_FILE": "/ca.pem",
        "UV_INSECURE_HOST": "a.example b.example",
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "http://p.example:1"),
        "UV_HTTP_TIMEOUT": "3",
        "UV_CACHE_DIR": "/c/uv",
    }


def test_those_of_the_environment_win_and_those_of_other_commands_do_not_count() -> None:
    found = told(
        ":env:.retries='1'", "global.retries='2'", "install.retries='3'", "wheel.index-url='https://w.example'"
    )
    assert found == {"UV_HTTP_RETRIES": "1", "UV_SYSTEM_CERTS": "true"}


def test_what_the_environment_says_to_uv_itself_counts_more() -> None:
    assert told("global.index-url='https://a.example'", UV_DEFAULT_INDEX="https://b.example", CURL_CA_BUNDLE="/c") == {
        "SSL_CERT_FILE": "/c"
    }


@pytest.mark.parametrize("line", ["global.no-binary='x'", "global.find-links='/a,b'", "global.constraint='/gone.txt'"])
def test_what_has_no_counterpart_is_told(line: str) -> None:
    with pytest.raises(NoCounterpartError, match=r"^pip's setting (no-binary|find-links|constraint) "):
        told(line)


def test_only_constraints_of_what_is_not_locked_count_for_nothing(tmp_path: Path) -> None:
    file = tmp_path / "constraints.txt"
    file.write_text("# Known to work\n\ntorch<=2.14.1  # not the next\n")
    assert told(f"global.constraint={str(file)!r}") == {"UV_SYSTEM_CERTS": "true"}
    for refused in ("some_thing==1", "-c more.txt"):
        file.write_text(refused)
        with pytest.raises(NoCounterpartError, match=f"^pip's setting constraint says {refused}$"):
            told(f"global.constraint={str(file)!r}")
