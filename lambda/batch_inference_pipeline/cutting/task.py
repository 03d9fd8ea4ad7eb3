"""The records of one task, on their way into shards."""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace

from batch_inference_pipeline.collecting.records import digest_of
from batch_inference_pipeline.cutting.as_it_is import AsItIs
from batch_inference_pipeline.cutting.division import Division, EvenBytes, EvenRecords
from batch_inference_pipeline.cutting.ids.digests import TaskIds
from batch_inference_pipeline.cutting.limits import Limits
from batch_inference_pipeline.cutting.lines import Line, Lines
from batch_inference_pipeline.cutting.open_shard import OpenShard
from batch_inference_pipeline.cutting.problems import Problems
from batch_inference_pipeline.cutting.read_ahead import read_ahead
from batch_inference_pipeline.cutting.record import described
from batch_inference_pipeline.cutting.records import Record, Records
from batch_inference_pipeline.cutting.series import Series
from batch_inference_pipeline.cutting.shard import Position, RecordIds, Shard
from batch_inference_pipeline.cutting.source import Source
from batch_inference_pipeline.errors import BadInputError


class Task:
    """One task that is being cut.

    Parameters
    ----------
    sources
        What it cuts.
    lines
        Reads them.
    series
        Where shards come from.
    limits
        What a job takes.
    ids
        Where the ids go, none of which a shard may have twice. Default: nowhere, and shards may: records of several
        shards, which may have the same ids, are asked again in one.

    Attributes
    ----------
    problems : Problems
        What is wrong with what it cuts.
    """

    def __init__(
        self, sources: Sequence[Source], lines: Lines, series: Series, limits: Limits, ids: TaskIds | None = None
    ) -> None:
        self.problems = Problems()
        self._ids, self._may_repeat = ids, ids is None
        self._sources, self._lines, self._series, self._limits = sources, lines, series, limits
        self._records = Records(limits.bytes_per_record, self.problems)
        self._as_it_is = AsItIs(lines, limits)
        self._used: dict[int, Shard] = {}
        self._left = sum(source.end - source.start for source in sources)
        self._even: EvenRecords | None = None

    def run(self) -> None:
        """Cut it."""
        try:
            for number, (source, content) in enumerate(read_ahead(self._sources, self._lines.whole)):
                self._take(number, source, content)
                self._left -= source.end - source.start
            if self._ids:
                self._ids.close()
                # What is cut again has its ids there.
                self._ids = None
            if (opened := self._series.open) and not self._is_enough(opened):
                self._add_to_another(opened)
            self._series.close()
            self._series.settle()
        except BaseException:
            self._series.abort()
            raise

    def _take(self, number: int, source: Source, content: Future[bytes] | None) -> None:
        ids = RecordIds()
        try:
            if shard := self._as_it_is.shard(source, ids):
                self._used[number] = self._series.use(shard)
                if self._ids:
                    self._ids.add_all(number, ids.offsets)
            elif content:
                self._cut(number, source, self._lines.within(source, [content.result()]))
            else:
                self._cut(number, source, self._lines.of(source))
        except BadInputError as error:
            self.problems.add_object(source, str(error))

    def _cut(self, number: int, source: Source, lines: Iterable[Line]) -> None:
        for record in self._records.of(source, lines):
            shard = self._series.open
            if not shard or not shard.has_room(record.line):
                begin = Position(number, record.offset)
                shard = self._series.begin(begin, self._division(record.offset - source.start))
            digest = digest_of(record.id)
            if not (shard.add(record, digest) or self._may_repeat):
                self._refuse_repeated(source, record)
            if self._ids:
                self._ids.add(number, record.offset, digest)
            if shard.is_full:
                self._series.close()

    def _division(self, read: int) -> Division:
        return self._even or EvenBytes(self._limits, self._left - read)

    def _refuse_repeated(self, source: Source, record: Record) -> None:
        cause = f"has the 'recordId' {described(record.id)} of a record before it, and results are told apart by it"
        self.problems.add(source, record.offset, record.number, f"{cause}; give each record an id of its own")

    def _is_enough(self, opened: OpenShard) -> bool:
        # With a problem there will be no jobs.
        return opened.records >= self._limits.min_records_per_job or self.problems.count > 0

    def _add_to_another(self, opened: OpenShard) -> None:
        """Cut what is left at the end again, together with the shard before; what is known now divides it evenly."""
        self._series.settle()
        if self._series.last:
            begin, before = self._series.last
        elif self._used:
            begin, before = Position(0, self._sources[0].start), self._used.popitem()[1]
        else:
            return
        self._series.take_back(before, opened)
        self._even = EvenRecords(self._limits, before.records + opened.records, before.size + opened.size)
        for number, source in enumerate(self._sources):
            if number >= begin.source and number not in self._used:
                rest = replace(source, start=begin.offset) if number == begin.source else source
                self._cut(number, rest, self._lines.of(rest))
