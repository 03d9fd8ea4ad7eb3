"""What botocore knows of the services, read in less time than it takes itself: each command reads it anew.

botocore looks through the folders of all 400 services for each kind of file that it reads of one, and makes an
`OrderedDict` of each object in it.
"""

import gzip
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from botocore.exceptions import DataNotFoundError
from botocore.loaders import JSONFileLoader, Loader

_ENDINGS: dict[str, Callable[[bytes], bytes]] = {".json": bytes, ".json.gz": gzip.decompress}


class ServiceData(Loader):
    """Finds and reads the data.

    Parameters
    ----------
    folders
        Where to look before botocore's own, as ``AWS_DATA_PATH`` and ``data_path`` have them; None for nowhere.
    """

    def __init__(self, folders: str | None) -> None:
        named = folders.split(os.pathsep) if folders else []
        super().__init__([os.path.expandvars(Path(each).expanduser()) for each in named], _Files())

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - what one has is seen when it is read
        """Return the names of all services."""
        there = filter(Path.is_dir, map(Path, self.search_paths))
        return sorted({service.name for folder in there for service in folder.iterdir()})


class _Files(JSONFileLoader):
    def load_file(self, file_path: str) -> Any:  # noqa: ANN401 - JSON
        for ending, unpacked in _ENDINGS.items():
            file = Path(file_path + ending)
            if file.is_file():
                try:
                    return msgspec.json.decode(unpacked(file.read_bytes()))
                except msgspec.DecodeError:
                    raise DataNotFoundError(data_path=str(file)) from None
        return None
