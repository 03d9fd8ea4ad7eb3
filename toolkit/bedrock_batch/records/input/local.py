"""Input on this machine: a file, or a folder with files and media."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import FileIO
from pathlib import Path

from bedrock_batch.records.check_report import Findings
from bedrock_batch.records.input.media import FolderMedia, Media, NoMedia
from bedrock_batch.records.input.source import SUFFIX, name_problems, open_source, refused_characters
from bedrock_batch.values import shortened


@dataclass(frozen=True)
class LocalFile:
    """A JSONL file.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    media : Media
        Where its media are.
    name_problems : tuple of str
        What is wrong with its name.
    """

    path: Path
    media: Media
    name_problems: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As it was named to the check."""
        return str(self.path)

    def size(self) -> int:
        """Return its bytes."""
        return self.path.stat().st_size

    def open(self) -> FileIO:
        """Open it at its beginning."""
        return open_source(self.path)


def as_others_see(file: LocalFile) -> LocalFile | None:
    """Name a file as other processes can; None for one that only this has open, such as one at ``/dev/stdin``."""
    try:
        path = os.path.realpath(file.path)
    except ValueError:  # No file can have this path: the others will say so.
        return file
    return replace(file, path=Path(path)) if os.path.exists(path) == os.path.exists(file.path) else None  # noqa: PTH110 - no error for any path


def single_file(path: Path) -> LocalFile:
    """Name one file, whose name will end the S3 URI of the job."""
    return LocalFile(path, NoMedia(), tuple(name_problems(path.name)))


def folder_files(folder: Path, findings: Findings) -> Iterator[LocalFile]:
    """Find the JSONL files of a folder, in the order of their names.

    Parameters
    ----------
    folder : pathlib.Path
        The folder.
    findings : Findings
        Told what is there and will not be read as records, though it may be meant to be.

    Yields
    ------
    LocalFile
        Each, those in folders below too.
    """
    files = sorted(path for path in _walk(folder) if SUFFIX in path.name.lower())
    media = FolderMedia(folder)
    if not any(path.name.endswith(SUFFIX) for path in files):
        findings.cannot_read(f"has no {SUFFIX} file; put the records there, in files whose names end so")
    for path in files:
        name = path.relative_to(folder).as_posix()
        if not path.name.endswith(SUFFIX):
            findings.warn(f"{shortened(name, 80)} does not end in '{SUFFIX}', so its records are not read; rename it")
            continue
        if path.parent != folder:
            findings.warn(f"{shortened(name, 80)} is in a folder below, which AWS does not say is read; move it up")
        if refused := refused_characters(name.replace("/", "")):
            findings.warn(
                f"{shortened(name, 80)} has characters that a job's S3 URI may not have ({refused}); rename it"
            )
        yield LocalFile(path, media)


def _walk(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in names)
