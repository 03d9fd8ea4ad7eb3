#!/usr/bin/env bash
# awslambdaric 4.2.2, the client by which AWS Lambda runs Python functions: a log record that cannot be written raises in
# the code that logs it. Python's own handlers never do that: they hand such an error to Handler.handleError, so that a
# full or closed log costs lines and no work. In a function it costs the invocation.
#
# Seen: logging.warning raises OSError with the client's handler, and nothing with logging.StreamHandler on the same file.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check awslambdaric==4.2.2
seen=$("$folder/venv/bin/python" - <<'PYTHON'
import logging
import sys

from awslambdaric.bootstrap import LambdaLoggerHandler, StandardLogSink


def outcome(handler):
    logger = logging.getLogger(type(handler).__name__)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        logger.warning("a line")
    except Exception as error:
        return type(error).__name__
    return "nothing"


class Full:
    """A log that takes no more."""

    def write(self, text):
        raise OSError("no room")

    def flush(self):
        pass


logging.raiseExceptions = False
shown, sys.stdout = sys.stdout, Full()
with StandardLogSink() as sink:
    raised = outcome(LambdaLoggerHandler(sink)), outcome(logging.StreamHandler(sys.stdout))
sys.stdout = shown
print("the client's handler raises {}, Python's raises {}".format(*raised))
PYTHON
)
echo "$seen"
[ "$seen" = "the client's handler raises OSError, Python's raises nothing" ] || { echo "this has changed" >&2; exit 1; }
