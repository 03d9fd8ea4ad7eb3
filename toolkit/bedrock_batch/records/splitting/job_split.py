"""From files of any size to shards."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bedrock_batch.files.s3_uri import is_s3_uri
from bedrock_batch.records.check_report import Findings
from bedrock_batch.records.input.files import default_client, files_of
from bedrock_batch.records.limits import RecordLimits
from bedrock_batch.records.split_report import SplitError, SplitReport
from bedrock_batch.records.splitting.destination import Destination, Folder, S3Folder
from bedrock_batch.records.splitting.numbered_records import NumberedRecords
from bedrock_batch.records.splitting.shard import Shard, name_of


class JobSplit:
    """A split.

    Parameters
    ----------
    destination : str
        A folder, or the S3 URI of one.
    limits : RecordLimits
        How much a shard may have.
    s3_client : boto3 client of S3, or None
        Reads from and writes to S3. If there is none, boto3 makes it.
    progress : callable
        Called with a number of bytes each time that they are done.
    """

    def __init__(
        self, destination: str, limits: RecordLimits, s3_client: object, progress: Callable[[int], object]
    ) -> None:
        self._place, self._limits, self._s3_client = destination, limits, s3_client
        self._records = NumberedRecords(limits.bytes_per_record, progress)

    def run(self, paths: Sequence[str | os.PathLike[str]]) -> SplitReport:
        """Read all that the paths name, and write or compare the shards."""
        destination = self._destination()
        there = destination.names()
        records = self._read(paths)
        names: list[str] = []
        kept = taken = 0
        first = next(records, None)
        if first is None:
            raise SplitError(f"{', '.join(os.fspath(path) for path in paths)}: has no records; name what does")
        while first is not None:
            name, shard = name_of(len(names) + 1), Shard(first, records, self._limits)
            (shard.compare if name in there else shard.write)(destination, name)
            kept += name in there
            names.append(name)
            first, taken = shard.left, shard.records
        for other in sorted(there.difference(names)):
            raise SplitError(f"{destination.place(other)}: is left from another split; remove it")
        files = tuple(map(destination.place, names))
        return SplitReport(files, self._records.count, self._records.ids_added, kept, taken)

    def _destination(self) -> Destination:
        if is_s3_uri(self._place):
            return S3Folder(self._place, self._s3_client or default_client())
        return Folder(Path(self._place))

    def _read(self, paths: Sequence[str | os.PathLike[str]]) -> Iterator[bytes]:
        for path in paths:
            self._refuse_to_read_what_is_written(os.fspath(path))
            found = Findings(os.fspath(path))
            files = list(files_of(path, self._s3_client, found))
            if found.of_file:
                raise SplitError(str(found.of_file[0]))
            for file in files:
                yield from self._records.read(file)

    def _refuse_to_read_what_is_written(self, path: str) -> None:
        if is_s3_uri(path) or is_s3_uri(self._place):
            inside = f"{self._place.rstrip('/')}/".startswith(f"{path.rstrip('/')}/")
        else:
            inside = Path(self._place).resolve().is_relative_to(Path(path).resolve())
        if inside:
            raise SplitError(f"{self._place}: is inside of {path}, and would be read again; name another place")
