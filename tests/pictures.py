"""``python -m tests.pictures``: write docs/pictures/, pictures of the running product, as the tests' browser shows it.

The example is deployed in a local AWS of its own, with the model that answers by default; a second job lacks what it
needs. That takes a few minutes.
"""

import html
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from bedrock_local import CdkCli, LocalAws
from bedrock_local.running import RunningAws
from tests.browser.chromium import chromium
from tests.local_aws.conftest import LocalAws as People

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "pictures"
STACK = "BedrockBatchExample"
RECORDS = 100
WIDTH, HEIGHT = 1000, 900
#: Of a terminal, as a page.
TERMINAL = """<style>
body {{ margin: 0; background: #f6f8fa; color: #1b1f24; }}
pre {{ margin: 1rem; font: 15px/1.5 ui-monospace, monospace; }}
</style><pre><b>$ bedrock-batch {command}</b>
{said}</pre>"""


def main() -> None:
    """Write all pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = Path(name)
        with LocalAws(directory=folder / "aws", behaviours={"role_propagation": 0}) as aws:
            _deploy(aws, folder)
            _watch(browser, aws)
            _console(browser, aws)
            _report(browser, aws, folder)


def _deploy(aws: RunningAws, folder: Path) -> None:
    records, some = folder / "all.jsonl", folder / "stdlib-modules.jsonl"
    subprocess.run([sys.executable, "examples/stdlib_modules.py", records], cwd=ROOT, check=True)
    some.write_text("".join(records.read_text().splitlines(keepends=True)[:RECORDS]))
    CdkCli(aws, folder).deploy(f"{sys.executable} {ROOT / 'app.py'}", ["--context", f"input={some}"])


def _console(browser: Browser, aws: RunningAws) -> None:
    people = People(aws.endpoint_url, aws.secret)
    bucket = people.bucket({"in.jsonl": b"{}\n"})
    people.start(bucket, roleArn=people.service_role(bucket, without="s3:GetObject"), jobName="nightly-summaries")
    page = _page(browser, HEIGHT)
    page.goto(aws.console_url())
    page.locator("#jobs-list .status", has_text="Failed").wait_for()
    page.locator("#jobs-list > li > details > summary").last.click()
    page.locator(".records > li").first.wait_for()
    _draw(page, "console")


def _watch(browser: Browser, aws: RunningAws) -> None:
    command = f"watch --stack {STACK}"
    page = _page(browser, 10)
    page.set_content(TERMINAL.format(command=command, said=html.escape(_said(aws, *command.split()))))
    _draw(page, "watch", full_page=True)


def _report(browser: Browser, aws: RunningAws, folder: Path) -> None:
    _said(aws, "report", "--stack", STACK, "--output", f"{folder / 'report.html'}")
    page = _page(browser, HEIGHT)
    page.goto((folder / "report.html").as_uri())
    _draw(page, "report")


def _said(aws: RunningAws, *words: str) -> str:
    command = [sys.executable, "-m", "bedrock_batch.cli", *words]
    done = subprocess.run(command, env=aws.environment(), capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def _page(browser: Browser, height: int) -> Page:
    return browser.new_page(viewport={"width": WIDTH, "height": height}, color_scheme="light")


def _draw(page: Page, name: str, *, full_page: bool = False) -> None:
    page.screenshot(path=PICTURES / f"{name}.png", full_page=full_page)
    page.close()


if __name__ == "__main__":
    main()
