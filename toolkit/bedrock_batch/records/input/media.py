"""The media that records refer to: where they have to be, and whether they are there."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bedrock_batch.files.s3_uri import is_s3_uri
from bedrock_batch.records.members import Place, members
from bedrock_batch.values import described, shortened


class Media(Protocol):
    """Where the media of an input have to be."""

    def problem(self, uri: str) -> str | None:
        """Say what is wrong with a reference."""


@dataclass(frozen=True)
class FolderMedia:
    """Media in the local folder of the records; a reference is relative to it until the construct has staged both.

    Attributes
    ----------
    root : pathlib.Path
        The folder.
    """

    root: Path

    def problem(self, uri: str) -> str | None:
        """Say what is wrong with a reference; one to S3 cannot be told from here."""
        if is_s3_uri(uri):
            return None
        file = (self.root / uri).resolve()
        if not file.is_relative_to(self.root.resolve()):
            return f"leaves the folder {self.root}, where all media must be; move the file into it"
        if not file.is_file():
            return f"is not in the folder {self.root}; add it, or correct the reference (upper and lower case count)"
        return None


@dataclass(frozen=True)
class NoMedia:
    """A file of its own, without a folder to look in."""

    def problem(self, uri: str) -> str | None:
        """Say what is wrong with a reference; one to S3 cannot be told from here."""
        if is_s3_uri(uri):
            return None
        return "is relative, which only the input of a whole folder may be; name the folder that holds both"


@dataclass(frozen=True)
class S3Media:
    """Media in S3, beside the records: "all resources must be in the same S3 bucket and folder".

    That is a rule of the page "Format and upload your batch inference data".

    Attributes
    ----------
    folder : str
        The URI of the folder, with a slash at its end.
    uris : frozenset of str
        What is in it.
    """

    folder: str
    uris: frozenset[str]

    def problem(self, uri: str) -> str | None:
        """Say what is wrong with a reference."""
        if not uri.startswith(self.folder):
            return f"is not in the folder of the records, {self.folder}, where all media must be; move it there"
        if uri not in self.uris:
            return "is not there; upload it, or correct the reference (upper and lower case count)"
        return None


def media_problems(body: object, media: Media) -> Iterator[Place]:
    """Check what a body refers to.

    Yields
    ------
    Place
        Each thing to change.
    """
    for member in members(body):
        if member.name != "s3Location" or not isinstance(member.value, dict):
            continue
        path = ("modelInput", *member.path, member.name)
        uri = member.value.get("uri")
        if not isinstance(uri, str):
            yield Place(
                path, f"'s3Location' needs a 'uri' that is a string, got {described(uri)}; write the file's URI"
            )
        elif problem := media.problem(uri):
            yield Place((*path, "uri"), f"the reference {shortened(uri, 200)} {problem}")
