"""What botocore knows of the services, read in less time than it takes itself: each cold start reads it anew.

botocore looks through the folders of all 400 services for each kind of file that it reads of one, and makes an
`OrderedDict` of each object in it.
"""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.loaders import JSONFileLoader, Loader

#: Bedrock's service model as of the construct's release, so that new parameters work on an older boto3.
FOLDER = Path(__file__).parent.parent / "service_model"
_ENDINGS: dict[str, Callable[[bytes], bytes]] = {".json": bytes, ".json.gz": gzip.decompress}


class ServiceData(Loader):
    """Finds and reads the data: our own first, then that of the botocore at hand."""

    def __init__(self) -> None:
        super().__init__([str(FOLDER)], _Files())

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 (what one has is seen when it is read)
        """Return the names of all services."""
        there = filter(Path.is_dir, map(Path, self.search_paths))
        return sorted({service.name for folder in there for service in folder.iterdir()})


class _Files(JSONFileLoader):
    def load_file(self, file_path: str) -> Any:  # noqa: ANN401 (JSON)
        for ending, unpacked in _ENDINGS.items():
            file = Path(file_path + ending)
            if file.is_file():
                return json.loads(unpacked(file.read_bytes()))
        return None
