"""All that is changed in the emulator, in the order in which it is installed."""

from bedrock_local.emulator import full_disk
from bedrock_local.emulator.cloudformation import (
    bucket_encryption,
    clean_up,
    deleted_resources,
    failed_creates,
    function_delivery,
    math_alarms,
    permissions_boundaries,
    resource_progress,
    resource_types,
)
from bedrock_local.emulator.functions import credentials, environment, output, unstarted
from bedrock_local.emulator.iam import (
    condition_keys,
    function_permissions,
    job_authorization,
    key_conditions,
    named_operations,
    other_accounts,
    young_roles,
)
from bedrock_local.emulator.needs import require
from bedrock_local.emulator.s3 import bucket_owners, kms_permissions, large_objects, routing, trailers, virtual_buckets
from bedrock_local.emulator.signals import alarm_dimensions, log_group_targets, rule_metrics
from bedrock_local.services import cloudwatch, eventbridge, iam, kms, s3

#: Every module that breaks when the emulator changes behind its public functions.
DEPENDENT = (
    alarm_dimensions,
    bucket_encryption,
    bucket_owners,
    clean_up,
    cloudwatch,
    condition_keys,
    credentials,
    deleted_resources,
    environment,
    eventbridge,
    failed_creates,
    full_disk,
    function_delivery,
    function_permissions,
    iam,
    job_authorization,
    key_conditions,
    kms,
    kms_permissions,
    large_objects,
    log_group_targets,
    math_alarms,
    named_operations,
    other_accounts,
    output,
    permissions_boundaries,
    resource_progress,
    resource_types,
    routing,
    rule_metrics,
    s3,
    trailers,
    unstarted,
    virtual_buckets,
    young_roles,
)


#: What each does, in the order in which they are installed: some of them replace the same function.
_MENDS = (
    named_operations.judge_what_is_served,
    job_authorization.authorize_jobs_ourselves,
    failed_creates.delete_after_failed_create,
    resource_progress.show_progress,
    clean_up.tell_clean_up,
    deleted_resources.tell_deleted_resources,
    resource_types.keep_types,
    function_delivery.deliver_to_custom_resources,
    function_permissions.require_permissions_of_roles,
    environment.keep_from_functions,
    output.read_any_output,
    credentials.draw_secrets,
    other_accounts.ask_the_policies_of_other_accounts,
    condition_keys.know_accounts_and_roles,
    key_conditions.know_keys,
    bucket_owners.expect_bucket_owners,
    bucket_encryption.encrypt_buckets_of_stacks,
    kms_permissions.require_keys,
    young_roles.remember_changes,
    permissions_boundaries.bound_roles_of_stacks,
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
