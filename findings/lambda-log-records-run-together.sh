#!/usr/bin/env bash
# awslambdaric 4.2.2, the client by which AWS Lambda runs Python functions: its log handler leaves the line feed to the
# formatter that it comes with. Whoever gives the handler a formatter of their own, as one does for JSON logs, gets
# records that run together on a plain stream. Every handler of Python's own ends its line itself.
#
# Seen: the two records "one" and "two" are written as "onetwo", without a line feed at all.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check awslambdaric==4.2.2
written=$("$folder/venv/bin/python" - <<'PYTHON'
import logging

from awslambdaric.bootstrap import LambdaLoggerHandler, StandardLogSink

with StandardLogSink() as sink:
    handler = LambdaLoggerHandler(sink)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("function")
    logger.addHandler(handler)
    logger.warning("one")
    logger.warning("two")
PYTHON
)
echo "written: $written"
[ "$written" = onetwo ] || { echo "this has changed: two lines were expected to run together" >&2; exit 1; }
