"""What `make snapshots` runs."""

import tempfile
from pathlib import Path

from tests.snapshots import golden_templates, public_api
from tests.snapshots.programs import synthesize

if __name__ == "__main__":
    public_api.accept()
    with tempfile.TemporaryDirectory() as folder:
        golden_templates.accept(synthesize(Path(folder)))
