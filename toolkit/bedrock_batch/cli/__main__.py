"""``python -m bedrock_batch.cli``."""

import sys

from bedrock_batch.cli import main

sys.exit(main())
