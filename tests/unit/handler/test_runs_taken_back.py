"""A deployment that is rolled back, or goes back: the run of before goes on where it was, and none is paid twice."""

import pytest

from model_invocation_job.errors import SubmissionError

from .deployed_run import DeployedRun, arn


def test_a_roll_back_by_an_update_goes_on_with_the_run_of_before(deployed: DeployedRun) -> None:
    first = deployed.create("1")
    second = deployed.update("2", "1", first)
    assert deployed.update("1", "2", second, back=True) == first
    deployed.delete("2", second, back=True)
    assert (deployed.status(first), deployed.status(second)) == ("RUNNING", "ABORTED")
    assert deployed.executions.of("redrive") == [first]
    assert deployed.executions.of("start") == [first, second]


def test_a_roll_back_by_a_delete_alone_goes_on_with_it_too(deployed: DeployedRun) -> None:
    first = deployed.create("1")
    second = deployed.update("2", "1", first)
    deployed.delete("2", second, back=True)
    assert (deployed.status(first), deployed.status(second)) == ("RUNNING", "ABORTED")


def test_so_it_does_where_the_function_was_killed_when_it_had_stopped_it(deployed: DeployedRun) -> None:
    first = deployed.create("1")
    deployed.executions.refusals["stop_jobs"] = [SystemExit()]
    with pytest.raises(SystemExit):
        deployed.update("2", "1", first)
    second = deployed.update("2", "1", first)
    deployed.delete("2", second, back=True)
    assert (deployed.status(first), deployed.status(second)) == ("RUNNING", "ABORTED")


def test_an_update_that_could_not_begin_its_run_goes_back(deployed: DeployedRun) -> None:
    first = deployed.create("1")
    deployed.executions.refusals["start"] = [SubmissionError("no such machine")]
    deployed.update("2", "1", first)
    assert (deployed.answer["Status"], deployed.answer["Reason"]) == ("FAILED", "no such machine")
    assert deployed.update("1", "2", first, back=True) == first
    assert deployed.status(first) == "RUNNING"


@pytest.mark.parametrize("end", ["SUCCEEDED", "FAILED", "ABORTED"])
def test_a_roll_back_begins_no_run_that_is_over(deployed: DeployedRun, end: str) -> None:
    """What somebody else has stopped stays so."""
    first = deployed.create("1")
    deployed.becomes(first, end, "Enough")
    second = deployed.update("2", "1", first)
    assert deployed.update("1", "2", second, back=True) == first
    deployed.delete("2", second, back=True)
    assert deployed.status(first) == end


def test_a_roll_back_does_not_begin_anew_what_step_functions_has_forgotten(deployed: DeployedRun) -> None:
    first = deployed.create("1")
    second = deployed.update("2", "1", first)
    del deployed.executions.known[arn(first)]
    assert deployed.update("1", "2", second, back=True) == first
    assert deployed.executions.of("start") == [first, second]


def test_a_run_that_a_deployment_stopped_goes_on_when_its_content_is_deployed_again(deployed: DeployedRun) -> None:
    first = deployed.create("1")
    second = deployed.update("2", "1", first)
    assert deployed.update("1", "2", second) == first
    assert deployed.executions.of("redrive") == [first]
    # So this is no roll-back to the second.
    deployed.delete("2", second)
    assert (deployed.status(first), deployed.status(second)) == ("RUNNING", "ABORTED")


def test_what_an_update_had_stopped_goes_on_in_its_own_roll_back_only(deployed: DeployedRun) -> None:
    first = deployed.create("1")
    second = deployed.update("2", "1", first)
    deployed.delete("1", first)
    deployed.becomes(second, "SUCCEEDED")
    third = deployed.update("3", "2", second)
    deployed.becomes(third, "SUCCEEDED")
    assert deployed.update("2", "3", third) == second
    deployed.delete("2", second, back=True)
    assert deployed.status(first) == "ABORTED"


def test_what_an_update_had_stopped_stays_so_when_the_stack_is_deleted(deployed: DeployedRun) -> None:
    first = deployed.create("1")
    second = deployed.update("2", "1", first)
    deployed.delete("2", second)
    assert deployed.status(first) == deployed.status(second) == "ABORTED"
