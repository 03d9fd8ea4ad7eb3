"""Run each documented program as its reader would, one after the other: the start of the CDK's own process is slow."""

import runpy
import sys
from pathlib import Path

from aws_cdk import App, Stack, Validations

# A neighbour by path: where this runs in a copy of the sources there is nothing else of the tests.
from programs import examples, samples

ROOT = Path(__file__).parents[2]


def run_example(path: Path) -> App:
    """Run a program that leaves its app in a variable of that name."""
    app: App = runpy.run_path(str(path), run_name="__main__")["app"]
    return app


def run_sample(name: str, code: str) -> App:
    """Run what stands in a stack's constructor."""
    app = App()
    exec(compile(code, "README.md", "exec"), {"self": Stack(app, name.title().replace("-", ""))})  # noqa: S102 (the sample is ours)
    app.synth()
    return app


def judge(app: App) -> None:
    """Synthesize again, with cdk-nag."""
    from cdk_nag import AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, ServerlessChecks  # noqa: PLC0415 (slow)

    packs = (AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, ServerlessChecks)
    Validations.of(app).add_plugins(*(pack(app) for pack in packs))
    try:
        app.synth(force=True)
    except RuntimeError as findings:
        if "validation-report.json" not in str(findings):
            raise


def main() -> None:
    """Leave an assembly for each program below the folder."""
    folder, judged = Path(sys.argv[1]), "--judged" in sys.argv
    apps = [(name, run_example(path)) for name, path in examples(ROOT).items()]
    apps += [(name, run_sample(name, code)) for name, code in samples(ROOT).items()]
    for name, app in apps:
        if judged:
            judge(app)
        Path(app.outdir).rename(folder / name)


main()
