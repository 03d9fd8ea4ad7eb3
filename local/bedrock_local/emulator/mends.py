"""All that is changed in the emulator, in the order in which it is installed."""

import sys

from bedrock_local.emulator import endpoint_policies, full_disk, garbage, model_catalogue, network_interfaces
from bedrock_local.emulator.cloudformation import (
    application_profiles,
    bucket_encryption,
    bucket_tags,
    clean_up,
    deleted_resources,
    failed_creates,
    function_delivery,
    given_up_stacks,
    math_alarms,
    nested_stacks,
    operations,
    permissions_boundaries,
    resource_progress,
    resource_signals,
    resource_types,
    side_by_side,
    time_to_live,
)
from bedrock_local.emulator.functions import (
    asynchronous_events,
    credentials,
    environment,
    error_types,
    execution_environments,
    first_lines,
    forked_processes,
    layers,
    node_sdk,
    output,
    requests_under_way,
    unstarted,
)
from bedrock_local.emulator.iam import (
    condition_keys,
    denials,
    expired_sessions,
    function_permissions,
    job_authorization,
    key_conditions,
    named_operations,
    named_resources,
    oidc_providers,
    other_accounts,
    resource_tags,
    simulation,
    sizes_of_policies,
    young_roles,
)
from bedrock_local.emulator.machines import (
    attempts,
    children,
    data_limits,
    executions,
    item_readers,
    map_runs,
    paths,
    redrives,
    results,
    retries,
    roles,
    status_events,
    task_tokens,
    tasks,
    waits,
    walks,
)
from bedrock_local.emulator.needs import require
from bedrock_local.emulator.s3 import bucket_owners, kms_permissions, large_objects, routing, trailers, virtual_buckets
from bedrock_local.emulator.signals import (
    alarm_dimensions,
    function_targets,
    log_group_targets,
    machine_targets,
    rule_metrics,
)
from bedrock_local.services import cloudwatch, eventbridge, iam, inference_profiles, kms, s3, stacks, tagging

#: What each does, in the order in which they are installed: some of them replace the same function.
_MENDS = (
    garbage.collect_apart,
    named_operations.judge_what_is_served,
    denials.remember_denials,
    named_resources.judge_what_is_named,
    job_authorization.authorize_jobs_ourselves,
    operations.end_waits,
    side_by_side.make_side_by_side,
    failed_creates.delete_after_failed_create,
    given_up_stacks.give_up_at_once,
    resource_progress.show_progress,
    resource_signals.refuse_repeated_signals,
    clean_up.tell_clean_up,
    nested_stacks.run_as_stacks,
    deleted_resources.tell_deleted_resources,
    resource_types.keep_types,
    application_profiles.make_profiles_of_stacks,
    function_delivery.deliver_to_custom_resources,
    asynchronous_events.queue_events,
    function_permissions.require_permissions_of_roles,
    sizes_of_policies.bound_policies_of_functions,
    environment.keep_from_functions,
    node_sdk.bring_sdk,
    layers.find_programs_of_layers,
    output.read_any_output,
    forked_processes.start_as_copies,
    error_types.tell_error_types,
    requests_under_way.let_requests_end,
    execution_environments.bound_environments,
    credentials.draw_secrets,
    attempts.end_attempts,
    waits.end_waits,
    walks.walk_through_states,
    executions.end_executions,
    data_limits.bound_inputs,
    redrives.redrive_executions,
    status_events.tell_of_redrives,
    paths.refuse_wrong_paths,
    retries.retry_as_told,
    tasks.run_tasks,
    task_tokens.answer_tasks,
    item_readers.read_items,
    map_runs.run_distributed_maps,
    roles.ask_roles_of_machines,
    other_accounts.ask_the_policies_of_other_accounts,
    condition_keys.know_accounts_and_roles,
    resource_tags.know_tags_of_resources,
    key_conditions.know_keys,
    simulation.simulate_policies,
    bucket_owners.expect_bucket_owners,
    bucket_encryption.encrypt_buckets_of_stacks,
    bucket_tags.tag_buckets_of_stacks,
    network_interfaces.hold_subnets_and_groups,
    model_catalogue.list_documented,
    endpoint_policies.keep_endpoint_policies,
    kms_permissions.require_keys,
    young_roles.remember_changes,
    oidc_providers.change_oidc_providers,
    expired_sessions.keep_sessions_apart,
    permissions_boundaries.bound_roles_of_stacks,
    time_to_live.expire_items_of_stacks,
    function_targets.ask_policies_of_functions,
    machine_targets.ask_roles_of_targets,
    log_group_targets.deliver_to_log_groups,
    rule_metrics.count_in_cloudwatch,
    alarm_dimensions.heed_dimensions,
    math_alarms.keep_math_alarms,
    unstarted.answer_for_functions,
    large_objects.keep_on_disk,
    full_disk.tell_clients,
    virtual_buckets.know_localhost,
    routing.keep_to_s3,
    trailers.take_checksums_only,
)

#: Every module that breaks when the emulator changes behind its public functions: those that change it, and those that
#: look into it.
DEPENDENT = (
    *{module: None for install in _MENDS if hasattr(module := sys.modules[install.__module__], "NEEDS")},
    *(children, first_lines, results),
    *(cloudwatch, eventbridge, iam, inference_profiles, kms, s3, stacks, tagging),
)


def mend() -> None:
    """Let the services around Bedrock do what AWS's do, where a job or its stack meets the difference.

    Raises
    ------
    LocalAwsError
        If the emulator is not the one that this was written for; nothing is changed then.
    """
    for module in DEPENDENT:
        require(module)
    for install in _MENDS:
        install()
