"""The real function after the environment variable ``SABOTAGE``, a Python script, has broken something of it.

Runs in the function's process. The script finds the module ``index``.
"""

import os

from model_invocation_job import index

exec(os.environ["SABOTAGE"], {"index": index})  # noqa: S102 (the test's own)

handler = index.handler
