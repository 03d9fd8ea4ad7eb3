"""What `make snapshots` runs."""

import tempfile
from pathlib import Path

from tests.snapshots.golden_templates import accept
from tests.snapshots.programs import synthesize

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        accept(synthesize(Path(folder)))
