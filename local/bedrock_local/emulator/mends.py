"""All that is changed in the emulator, in the order in which it is installed."""

from bedrock_local.emulator import full_disk, network_interfaces
from bedrock_local.emulator.cloudformation import (
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
    execution_environments,
    first_lines,
    layers,
    node_sdk,
    output,
    unstarted,
)
from bedrock_local.emulator.iam import (
    condition_keys,
    function_permissions,
    job_authorization,
    key_conditions,
    named_operations,
    named_resources,
    oidc_providers,
    other_accounts,
    resource_tags,
    young_roles,
)
from bedrock_local.emulator.machines import executions, roles
from bedrock_local.emulator.needs import require
from bedrock_local.emulator.s3 import bucket_owners, kms_permissions, large_objects, routing, trailers, virtual_buckets
from bedrock_local.emulator.signals import alarm_dimensions, function_targets, log_group_targets, rule_metrics
from bedrock_local.services import cloudwatch, eventbridge, iam, kms, s3, tagging

#: Every module that breaks when the emulator changes behind its public functions.
DEPENDENT = (
    alarm_dimensions,
    asynchronous_events,
    bucket_encryption,
    bucket_owners,
    bucket_tags,
    clean_up,
    cloudwatch,
    condition_keys,
    credentials,
    deleted_resources,
    environment,
    eventbridge,
    execution_environments,
    executions,
    failed_creates,
    first_lines,
    full_disk,
    function_delivery,
    function_permissions,
    function_targets,
    given_up_stacks,
    iam,
    job_authorization,
    key_conditions,
    kms,
    kms_permissions,
    large_objects,
    layers,
    log_group_targets,
    math_alarms,
    named_operations,
    named_resources,
    nested_stacks,
    network_interfaces,
    oidc_providers,
    operations,
    other_accounts,
    output,
    permissions_boundaries,
    resource_progress,
    resource_signals,
    resource_tags,
    resource_types,
    roles,
    routing,
    rule_metrics,
    s3,
    side_by_side,
    tagging,
    time_to_live,
    trailers,
    unstarted,
    virtual_buckets,
    young_roles,
)


#: What each does, in the order in which they are installed: some of them replace the same function.
_MENDS = (
    named_operations.judge_what_is_served,
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
    function_delivery.deliver_to_custom_resources,
    asynchronous_events.queue_events,
    function_permissions.require_permissions_of_roles,
    environment.keep_from_functions,
    node_sdk.bring_sdk,
    layers.find_programs_of_layers,
    output.read_any_output,
    execution_environments.bound_environments,
    credentials.draw_secrets,
    executions.end_executions,
    roles.ask_roles_of_machines,
    other_accounts.ask_the_policies_of_other_accounts,
    condition_keys.know_accounts_and_roles,
    resource_tags.know_tags_of_resources,
    key_conditions.know_keys,
    bucket_owners.expect_bucket_owners,
    bucket_encryption.encrypt_buckets_of_stacks,
    bucket_tags.tag_buckets_of_stacks,
    network_interfaces.hold_subnets_and_groups,
    kms_permissions.require_keys,
    young_roles.remember_changes,
    oidc_providers.change_oidc_providers,
    permissions_boundaries.bound_roles_of_stacks,
    time_to_live.expire_items_of_stacks,
    function_targets.ask_policies_of_functions,
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
