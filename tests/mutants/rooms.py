"""Which tests are asked about a mutant: those of its room first, what is slower only when they have seen nothing.

Named by hand, since no coverage tells: many of these tests have the function in other processes.
"""

from collections.abc import Mapping

#: What is mutated.
SOURCES = ("lambda", "toolkit/bedrock_batch/records", "toolkit/bedrock_batch/results")

FUNCTION, PIPELINE = "lambda/model_invocation_job/", "lambda/batch_inference_pipeline/"
RECORDS, RESULTS = "toolkit/bedrock_batch/records/", "toolkit/bedrock_batch/results/"

#: By the beginnings of paths: where the tests are, each text of them one run after the other.
_RUNS: Mapping[str, tuple[str, ...]] = {
    FUNCTION: ("tests/unit/handler", "tests/contract", "tests/faults/test_create.py tests/faults/test_update.py"),
    f"{FUNCTION}answers/": (
        "tests/unit/handler/test_ad* tests/unit/handler/test_answer.py tests/unit/handler/test_delivery.py",
        "tests/unit/handler/test_no_events.py tests/unit/handler/test_last_word.py",
        "tests/faults/test_response.py tests/faults/test_response_body.py",
    ),
    f"{FUNCTION}index.py": (
        "tests/unit/handler",
        "tests/faults/test_delete.py tests/faults/test_update.py tests/faults/test_waiting_stack.py",
    ),
    f"{FUNCTION}input/": (
        "tests/unit/handler/test_media.py tests/unit/handler/test_archive.py tests/unit/handler/test_copying.py",
        "tests/faults/test_archive.py tests/faults/test_failed_first_deployments.py",
    ),
    f"{FUNCTION}jobs/": (
        "tests/unit/handler/test_rules.py tests/unit/handler/test_tags.py tests/unit/handler/test_submit.py",
        "tests/unit/handler",
        "tests/faults/test_tags.py tests/faults/test_create_refused.py tests/faults/test_network.py",
        "tests/faults/test_waiting_services.py",
    ),
    f"{FUNCTION}last_word.py": ("tests/unit/handler/test_last_word.py", "tests/faults/test_platform.py"),
    f"{FUNCTION}logs.py": ("tests/lambda_runtime", "tests/faults/test_platform.py"),
    f"{FUNCTION}owner/": (
        "tests/unit/handler/test_identity.py tests/unit/handler/test_le* tests/unit/handler/test_made_again.py",
        "tests/unit/handler",
        "tests/faults/test_client_request_token.py tests/faults/test_young_role.py",
        "tests/faults/test_earlier_version.py tests/faults/test_delete_whose_job.py tests/faults/test_two_stacks.py",
        "tests/faults/test_update_unreadable.py",
    ),
    f"{FUNCTION}provision/": (
        "tests/unit/handler/test_submit.py tests/unit/handler/test_removal.py tests/unit/handler/test_stopping.py",
        "tests/unit/handler",
        "tests/faults/test_delete.py tests/faults/test_network.py",
        "tests/faults/test_failed_first_deployments.py tests/faults/test_update_unreadable.py",
    ),
    f"{FUNCTION}requests/": (
        "tests/unit/handler/test_request.py",
        "tests/contract/test_parse.py tests/contract/test_wire.py",
        "tests/unit/handler",
        "tests/faults/test_create.py",
    ),
    f"{FUNCTION}results/": (
        "tests/unit/handler/test_results.py tests/unit/handler/test_finished.py",
        "tests/unit/handler",
        "tests/faults/test_waiting_results.py",
    ),
    f"{FUNCTION}runs/": (
        "tests/unit/handler/test_ru*",
        "tests/contract/test_deployed_runs.py tests/contract/test_plan.py",
    ),
    f"{FUNCTION}waiting/": (
        "tests/unit/handler/test_table.py tests/unit/handler/test_watch.py tests/unit/handler/test_held.py",
        "tests/unit/handler",
        "tests/faults/test_waiting_events.py tests/faults/test_waiting_services.py",
        "tests/faults/test_waiting_function.py tests/faults/test_waiting_stack.py",
    ),
    # How its parts are put together, and what calls them: only a deployed pipeline, of the last runs, has all of that.
    PIPELINE: (),
    f"{PIPELINE}collecting/": (
        "tests/unit/pipeline/collecting",
        "tests/contract/test_asked_again.py tests/unit/pipeline/summary",
    ),
    f"{PIPELINE}cutting/": ("tests/unit/pipeline/cutting", "tests/contract/test_records.py"),
    f"{PIPELINE}demand/": ("tests/unit/pipeline/demand", "tests/unit/pipeline/summary"),
    f"{PIPELINE}ledger/": ("tests/unit/pipeline/running", "tests/end_to_end/test_pipeline.py"),
    f"{PIPELINE}places.py": ("tests/unit/pipeline/cutting", "tests/end_to_end/test_pipeline.py"),
    f"{PIPELINE}running/": ("tests/unit/pipeline/running", "tests/end_to_end/test_pipeline.py"),
    f"{PIPELINE}summary/": ("tests/unit/pipeline/summary", "tests/end_to_end/test_pipeline_triggers.py"),
    RECORDS: ("tests/unit/toolkit/records", "tests/contract/test_bodies.py", "tests/toolkit_cli/test_*check*"),
    f"{RECORDS}checking/shapes/": (
        "tests/unit/toolkit/records/test_bodies.py",
        "tests/contract/test_bodies.py",
        "tests/unit/toolkit/records",
    ),
    f"{RECORDS}split": ("tests/unit/toolkit/records/test_split.py", "tests/toolkit_cli/test_*split*"),
    RESULTS: (
        "tests/unit/toolkit/results",
        "tests/toolkit_cli/jobs/test_results_command.py tests/toolkit_cli/jobs/test_several_jobs.py",
    ),
    f"{RESULTS}table/openai.py": ("tests/unit/toolkit/openai_batch",),
}

#: What is asked at last, of what a room's own tests have not seen: everything that could see it.
_LAST_RUNS: Mapping[str, tuple[str, ...]] = {
    FUNCTION: ("tests/contract tests/faults tests/lambda_runtime",),
    PIPELINE: (
        "tests/contract tests/unit/pipeline",
        "tests/end_to_end/test_pipeline.py",
        "tests/end_to_end/test_pipeline_tail.py",
        "tests/end_to_end/test_pipeline_triggers.py",
        "tests/end_to_end/test_pipeline_permissions.py",
        "tests/end_to_end/test_pipeline_deployments.py",
    ),
    RECORDS: (
        "tests/unit/toolkit/records tests/contract/test_records.py",
        "tests/unit/toolkit/bodies tests/unit/toolkit/openai_batch tests/unit/toolkit/prompts",
        "tests/unit/toolkit/runs tests/unit/toolkit/plan tests/unit/constructs/data/test_input_check.py",
        "tests/toolkit_cli/test_refused_files.py",
    ),
    RESULTS: (
        "tests/unit/toolkit/results tests/unit/toolkit/retry tests/unit/toolkit/test_page.py",
        "tests/toolkit_cli/jobs/test_retry_command.py tests/toolkit_cli/jobs/test_joined_tables.py",
        "tests/toolkit_cli/jobs/test_report_command.py tests/toolkit_cli/runs/test_results_of_runs.py",
    ),
}


def runs_for(file: str) -> tuple[str, ...]:
    """Return the runs of tests for a file: those of the innermost room that it is in, then the last ones; each once."""
    room = max((each for each in _RUNS if file.startswith(each)), key=len)
    last = [run for each, runs in _LAST_RUNS.items() if file.startswith(each) for run in runs]
    return tuple(dict.fromkeys([*_RUNS[room], *last]))
