"""From files of any size to shards."""

import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from bedrock_batch.files.s3_uri import is_s3_uri
from bedrock_batch.records.check_report import Findings
from bedrock_batch.records.input.files import default_client, files_of
from bedrock_batch.records.limits import RecordLimits
from bedrock_batch.records.split_report import SplitError, SplitReport
from bedrock_batch.records.splitting.destination import Destination, Folder, S3Folder
from bedrock_batch.records.splitting.division import divide
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
        self._place, self._limits, self._s3_client, self._progress = destination, limits, s3_client, progress

    def run(self, paths: Sequence[str | os.PathLike[str]]) -> SplitReport:
        """Read all that the paths name twice: to divide it, and to write or compare the shards."""
        destination, named = self._destination(), ", ".join(os.fspath(path) for path in paths)
        ends = array("Q", accumulate(len(record) + 1 for record in self._read(paths, self._numbered())))
        if not ends:
            raise SplitError(f"{named}: has no records; name what does")
        try:
            counts = divide(ends, self._limits)
        except SplitError as error:
            raise SplitError(f"{named}: {error}") from None
        names = [name_of(number + 1) for number in range(len(counts))]
        there = destination.names()
        for other in sorted(there.difference(names)):
            raise SplitError(f"{destination.place(other)}: is left from another split; remove it")
        numbered = self._numbered()
        records = self._read(paths, numbered)
        for name, count in zip(names, counts, strict=True):
            shard = Shard(records, count)
            (shard.compare if name in there else shard.write)(destination, name)
        if next(records, None) is not None or numbered.count != len(ends):
            raise SplitError(f"{named}: was written to while it was read; split it again, to another place")
        files = tuple(map(destination.place, names))
        return SplitReport(files, len(ends), numbered.ids_added, len(there), tuple(counts))

    def _numbered(self) -> NumberedRecords:
        return NumberedRecords(self._limits.bytes_per_record, self._progress)

    def _destination(self) -> Destination:
        if is_s3_uri(self._place):
            return S3Folder(self._place, self._s3_client or default_client())
        return Folder(Path(self._place))

    def _read(self, paths: Sequence[str | os.PathLike[str]], numbered: NumberedRecords) -> Iterator[bytes]:
        for path in paths:
            self._refuse_to_read_what_is_written(os.fspath(path))
            _refuse_to_read_once(path)
            found = Findings(os.fspath(path))
            files = list(files_of(path, self._s3_client, found))
            if found.of_file:
                raise SplitError(str(found.of_file[0]))
            for file in files:
                yield from numbered.read(file)

    def _refuse_to_read_what_is_written(self, path: str) -> None:
        if is_s3_uri(path) or is_s3_uri(self._place):
            inside = f"{self._place.rstrip('/')}/".startswith(f"{path.rstrip('/')}/")
        else:
            inside = Path(self._place).resolve().is_relative_to(Path(path).resolve())
        if inside:
            raise SplitError(f"{self._place}: is inside of {path}, and would be read again; name another place")


def _refuse_to_read_once(path: str | os.PathLike[str]) -> None:
    if os.path.exists(path) and not (os.path.isfile(path) or os.path.isdir(path)):  # noqa: PTH110, PTH112, PTH113 - no error for any path
        raise SplitError(f"{os.fspath(path)}: can be read once only, and a split reads twice; write it to a file first")
