"""Where each rule stands, what copies of it look like, and what does not count as one."""

from collections.abc import Mapping

from .copies import Rule, arns, job_ids, job_names, lengths_of_job_names, record_limits, s3_uris, statuses

CONSTRUCTS, FUNCTION = "constructs/cdk_bedrock_batch", "lambda/model_invocation_job"
PIPELINE = "lambda/batch_inference_pipeline"
TOOLKIT, LOCAL = "toolkit/bedrock_batch", "local/bedrock_local"

#: A package that is not named has no definition: it asks another for it, or the service model.
PLACES: Mapping[Rule, Mapping[str, str]] = {
    s3_uris: {
        CONSTRUCTS: "_data/s3_uri.py",
        FUNCTION: "s3_uri.py",
        PIPELINE: "places.py",
        TOOLKIT: "files/s3_uri.py",
        LOCAL: "names/s3_uri.py",
    },
    arns: {CONSTRUCTS: "_api/arn.py", FUNCTION: "arn.py", TOOLKIT: "jobs/arn.py", LOCAL: "names/arn.py"},
    job_ids: {CONSTRUCTS: "_api/arn.py", FUNCTION: "arn.py", TOOLKIT: "jobs/arn.py", LOCAL: "names/job_arn.py"},
    job_names: {
        CONSTRUCTS: "_api/validation.py",
        FUNCTION: "jobs/rules.py",
        TOOLKIT: "jobs/name.py",
        LOCAL: "bedrock/service_model/validation.py",
    },
    lengths_of_job_names: {CONSTRUCTS: "_job/name.py", FUNCTION: "owner/identity.py", TOOLKIT: "jobs/name.py"},
    statuses: {
        CONSTRUCTS: "_api/job_events.py",
        FUNCTION: "status.py",
        TOOLKIT: "jobs/status.py",
        LOCAL: "bedrock/jobs/status.py",
    },
    record_limits: {PIPELINE: "cutting/limits.py", TOOLKIT: "records/limits.py", LOCAL: "bedrock/jobs/quotas.py"},
}

COPIES: Mapping[Rule, tuple[str, ...]] = {
    s3_uris: (
        'uri = f"s3://{bucket}/{key}"',
        'in_s3 = text.startswith("s3://")',
        'bucket = re.compile("(?:[a-z0-9][-.a-z0-9]{1,61}[a-z0-9])")',
        "key = urlsplit(uri).path[1:]",
    ),
    arns: (
        'role = f"arn:{partition}:iam::{account}:role/{name}"',
        'job = re.compile(r"(arn:aws[^:]*):bedrock:.+")',
        'is_arn = text.split(":")[0] == "arn"',
        'account = request.role_arn.split(":")[4]',
        'model = details["modelId"].rpartition("/")[2]',
    ),
    job_ids: ('id = re.compile("[a-z0-9]{12}")', 'resource = f"model-invocation-job/{id}"'),
    job_names: (
        'name = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9+.-]*")',
        r'name = re.compile(r"[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9\+\-\.]){0,63}")',
    ),
    lengths_of_job_names: ("name = name[:63]", "beginning = unique_name(scope, max_length=37)"),
    statuses: (
        'good = job.status == "Completed"',
        'live = job.status not in {"Failed", "Stopped"}',
        'codes = {"Submitted": 0, "Expired": 6}',
    ),
    record_limits: (
        "too_many = len(records) > 50_000",
        "largest_file: int = 1 * 1024**3",
        "quotas = Quotas(bytes_per_record=25_000_000)",
        "def check(job, least_records=100): ...",
    ),
}

NO_COPIES = '''
"""s3://bucket/key, arn:aws:s3:::bucket, model-invocation-job/abcdefghwxyz, 63 characters, Completed, 50,000 records."""

EXAMPLES = """
  command arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/abcdefghwxyz
"""
COLUMNS = {"Submitted": 1, "Model": 2}
MODE = 0o077
LETTERS = "[a-z0-9]{1,63}"
ROWS = 50_000
BLOCK = 1024**3
raise ValueError(f"{uri} must be s3://bucket/key, {arn} must be arn:PARTITION, a job is Completed")
alias = arn.partition(":alias/")
name = path.rpartition("/")[2]
'''
