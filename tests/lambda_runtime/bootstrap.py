"""Starts AWS's runtime client as its managed runtimes do: run in the function's folder, with Lambda's variables.

There it is ``/var/runtime/bootstrap.py``, which is in no package. It makes the function's folder the first on the path;
the working directory is on it by that only.
"""

import os
import site
import sys

from awslambdaric.__main__ import main

if __name__ == "__main__":
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    site.addsitedir(os.environ["LAMBDA_TASK_ROOT"])
    main([sys.argv[0], os.environ["_HANDLER"]])
