"""A shard of which nothing is known is not passed over in silence."""

import pytest

from batch_inference_pipeline.collecting.completeness import require_all
from batch_inference_pipeline.errors import IncompleteError
from tests.unit.pipeline.one_run import OneRun, answered, record


def test_a_round_whose_shards_have_all_come_to_something_is_complete(run: OneRun) -> None:
    shards = [run.shard(record("a"), name=f"000001-{number:03}") for number in (1, 2)]
    run.manifest(*shards)
    for shard in shards:
        run.collecting.collect(shard, run.job(shard, answered("a")), 1)
    run.collecting.collect(shards[0], run.job(shards[0], answered("a")), 2)
    require_all(run.objects, run.places, 1)


def test_a_shard_without_an_outcome_is_named_with_what_to_do(run: OneRun) -> None:
    shards = [run.shard(record("a"), name=f"000001-{number:03}") for number in (1, 2, 3)]
    run.manifest(*shards)
    run.collecting.collect(shards[1], run.job(shards[1], answered("a")), 1)
    with pytest.raises(IncompleteError, match=r'2 of 3 shards of round 1 have no result, 000001-001 .*{"Run": "run"}'):
        require_all(run.objects, run.places, 1)
