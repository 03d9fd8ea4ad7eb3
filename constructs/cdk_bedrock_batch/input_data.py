"""Where the records come from."""

import os
from collections.abc import Iterable, Mapping
from typing import Any, Unpack

from aws_cdk import Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from bedrock_batch import RecordLimits
from cdk_bedrock_batch._access import keys
from cdk_bedrock_batch._data.input_source import BoundInput, Home, InputSource
from cdk_bedrock_batch._data.local_input import LocalDirectory, LocalFiles
from cdk_bedrock_batch._data.openai_batch import OpenAiBatch
from cdk_bedrock_batch._data.place import INPUT, BucketPlace, UriPlace
from cdk_bedrock_batch._data.s3_input import S3Input, check_path
from cdk_bedrock_batch._data.table_records import Asked, TableRecords
from cdk_bedrock_batch._data.written_records import WrittenRecords
from cdk_bedrock_batch.invocation_type import InvocationType

Path = str | os.PathLike[str]


class InputData:
    """The records of a job. Make one with a static method."""

    def __init__(self, source: InputSource) -> None:
        self._source = source

    @staticmethod
    def from_file(path: Path, *, limits: RecordLimits | None = None) -> "InputData":
        """Use a local JSONL file; new content means a new job.

        The file is checked when the job is made, published as an asset by the CDK CLI, and copied into the job's input
        bucket when the stack is deployed.

        Parameters
        ----------
        path
            Of a file in JSONL format, one record a line, relative to the current folder.
        limits
            What the model takes at once; quotas differ by model and account. Default: `RecordLimits()`.
        """
        return InputData(LocalFiles([path], limits))

    @staticmethod
    def from_files(paths: Iterable[Path], *, limits: RecordLimits | None = None) -> "InputData":
        """Use several local JSONL files in one job; see `from_file`.

        There may be thousands of small ones. Beyond a hundred of a stack they are published as one archive for each
        job, which the function unpacks; those before are copied inside S3, which for large ones is quicker. Other names
        mean a new job as well, for they name the results; in which order they are given does not.

        Parameters
        ----------
        paths
            Of files whose names differ: they come to stand in one folder.
        limits
            Of each file and of all together. Default: `RecordLimits()`.

        Raises
        ------
        ValueError
            There is no file, or two have one name.
        """
        if isinstance(paths, (str, os.PathLike)) or not isinstance(paths, Iterable):
            # ValueError like every other refusal, so that a caller has one kind to catch.
            raise ValueError(  # noqa: TRY004 (see above)
                f"'input_data' must be a list of paths, such as ['a.jsonl', 'b.jsonl'], got {paths!r}"
            )
        return InputData(LocalFiles(list(paths), limits))

    @staticmethod
    def from_directory(path: Path, *, limits: RecordLimits | None = None) -> "InputData":
        """Use a local folder of JSONL files and the images, videos or documents that their records refer to.

        It is published as one archive, and unpacked into the job's input bucket when the stack is deployed. A record
        refers to a file by its path in the folder, ``{"s3Location": {"uri": "videos/cat.mp4"}}``, which becomes an S3
        URI there. New content means a new job.

        Parameters
        ----------
        path
            Of a folder that holds at least one JSONL file.
        limits
            Of each file and of all together. Default: `RecordLimits()`.

        Raises
        ------
        ValueError
            There is no such folder.
        """
        return InputData(LocalDirectory(path, limits))

    @staticmethod
    def from_records(records: Iterable[Mapping[str, Any]], *, limits: RecordLimits | None = None) -> "InputData":
        """Use records that are made in Python; see `from_file`.

        Parameters
        ----------
        records
            Each with ``recordId`` (unique) and ``modelInput``, and nothing that JSON cannot hold. They are written to
            a file one by one, so a generator may make more than fit in memory.
        limits
            What the model takes at once. Default: `RecordLimits()`.

        Raises
        ------
        ValueError
            There is no record, or one is no mapping or holds what JSON in UTF-8 cannot.
        """
        return InputData(WrittenRecords(records, limits))

    @staticmethod
    def from_table(
        table: Any,  # noqa: ANN401 (a path, a data frame of any library, or rows)
        *,
        template: Path,
        limits: RecordLimits | None = None,
        **asked: Unpack[Asked],
    ) -> "InputData":
        """Ask the job's model about each row of a table: a file in CSV, JSON Lines or Parquet, a data frame, or rows.

        The records are made at synthesis, as the bodies that the family of the job's model takes, or Converse; see
        `from_file` for what becomes of them. `bedrock_batch.prepare` does the same on its own.

        Parameters
        ----------
        table
            A path relative to the current folder, of Parquet also a folder's; a frame of pandas or Polars, or
            what else has ``__arrow_c_stream__``; or a list of mappings from columns to cells.
        template
            What the user says: a text with ``{column}`` for the cell of that column and ``{{``, ``}}`` for braces, or
            the `pathlib.Path` of a file that has it.
        limits
            What the model takes at once. Default: `RecordLimits()`.
        asked
            ``system``, ``max_tokens``, ``temperature``, ``top_p``, ``stop``, ``id_column``, ``image_columns``,
            ``empty``, ``first``, ``format``, ``delimiter``: as `bedrock_batch.prepare` takes them.

        Raises
        ------
        ValueError
            The table is an iterator, which can be read only once. What else is wrong is said when the job is made.
        TypeError
            An argument is none of these.
        """
        return InputData(TableRecords(table, template, asked, limits))

    @staticmethod
    def from_openai_batch(
        path: Path, *, max_tokens: int | None = None, strict: bool = False, limits: RecordLimits | None = None
    ) -> "InputData":
        """Use a local file of OpenAI's Batch API, converted into records for the job's model; see `from_file`.

        Its requests to ``/v1/chat/completions`` or ``/v1/embeddings`` become bodies of the model's family, or of
        Converse, as `bedrock_batch.convert` writes them. What a request asks for and the family has nothing like is a
        warning of the synthesis. The model has to be known at synthesis.

        Parameters
        ----------
        path
            Of a file with ``custom_id``, ``method``, ``url`` and ``body`` on each line.
        max_tokens
            The longest answer, in tokens, to requests that name none. Default: 4,096 for Claude and 2,048 for Llama;
            the model's own for others.
        strict
            Whether a request of which something would be lost or changed is refused. Default: False.
        limits
            What the model takes at once. Default: `RecordLimits()`.

        Raises
        ------
        ValueError
            ``max_tokens`` is no whole number of at least 1. That a line cannot be converted is told when the job is
            made.
        """
        return InputData(OpenAiBatch(path, limits, max_tokens, strict=strict))

    @staticmethod
    def from_bucket(bucket: s3.IBucket, key_or_prefix: str, *, encryption_key: kms.IKey | None = None) -> "InputData":
        """Use records that are in S3 already.

        Parameters
        ----------
        bucket
            The bucket of the records, in the stack's Region. One of another account must tell so
            (``account`` of ``Bucket.from_bucket_attributes``).
        key_or_prefix
            The key of one JSONL file, or a prefix ending in ``/``: all JSONL files below it.
        encryption_key
            What the objects are encrypted with. Default: the bucket's own key, as far as CDK knows it.

        Raises
        ------
        ValueError
            The key is neither of a JSONL file nor a prefix, or has a character that Bedrock's S3 URI pattern refuses.
        """
        check_path(key_or_prefix)
        return InputData(
            S3Input(BucketPlace.of("input_data", bucket, key_or_prefix, *INPUT), keys.checked(encryption_key))
        )

    @staticmethod
    def from_uri(uri: str, *, bucket_owner: str | None = None, encryption_key: kms.IKey | None = None) -> "InputData":
        """Use records that are in S3 already, in this or in another account.

        Parameters
        ----------
        uri
            ``s3://bucket/key.jsonl``, or ``s3://bucket/prefix/`` for all JSONL files below it.
        bucket_owner
            The twelve digits of the bucket's account (``s3BucketOwner``). Default: the stack's own account.
        encryption_key
            What the objects are encrypted with. Default: S3's own key.

        Raises
        ------
        ValueError
            The URI does not match the API's pattern, is neither of a JSONL file nor a prefix, or the owner is no
            account.
        """
        check_path(uri)
        return InputData(S3Input(UriPlace.of("input_data", uri, bucket_owner, *INPUT), keys.checked(encryption_key)))

    def check(self, stack: Stack, model_id: str, invocation_type: InvocationType | None) -> list[str]:
        """Look at what can be seen now, and return what is likely to go wrong.

        Raises
        ------
        ValueError
            The records are not what Bedrock takes, or are in another Region than the stack; the text names the file,
            the line and what to change.
        """
        return self._source.check(stack, model_id, invocation_type)

    def bind(self, scope: Construct, home: Home) -> BoundInput:
        """Place the data in a stack; ``home`` gives the job's own place for it."""
        return self._source.bind(scope, home)
