"""Every objection of the judges that stands, and why; those to what only examples have are in a file beside it.

A rule that is not here fails the tests, as does one that is here and is not raised any more. Who runs cdk-nag on a
stack of their own can copy a reason: ``Validations.of(stack).acknowledge(Acknowledgment(id=..., reason=...))``.
"""

from tests.judges.acknowledged_in_examples import IN_EXAMPLES
from tests.judges.acknowledgement import IAM5, Acknowledgement, both

_BUCKETS = ("BedrockBatchInput*", "BedrockBatchOutput*")
_FUNCTIONS = ("*BedrockBatchProviderFunction7*", "*BedrockBatchProviderLastWord2*")
_TABLE, _MACHINE = ("*BedrockBatchProviderWaits*",), ("*BedrockBatchProviderLooks*",)
_LOGS = ("*BedrockBatchProviderLogs*", "*BedrockBatchProviderLastWordLogs*", "*Resources*Logs*")
_FUNCTION_POLICIES = ("BedrockBatchProvider/Role/DefaultPolicy", "BedrockBatchProvider/LastWordRole/DefaultPolicy")
#: A pipeline's own.
_OF_PIPELINES = ("*Functions*Resources*Jobs*", "*Functions*Resources*Data*", "*Functions*Resources*Demand*")
_LEDGER = ("*Functions*Resources*Ledger*",)
_JOBS_POLICY, _MACHINE_POLICY = "*/Functions/JobsRole/DefaultPolicy", "*/StateMachine/Policy"
_PIPELINE_POLICIES = ("*/Functions/*Role/DefaultPolicy", _MACHINE_POLICY, "*/TriggersRole/Policy")
_JOB_POLICIES = ("*/JobRolePolicy*",)
_SHARED = ("*/BedrockBatchJobs*",)
#: The function's, below what they name.
_BESIDE = ("*/BedrockBatchPolicy",)
#: Those that go after a last Delete.
_TO_THE_END = ("*/LeftBehindPolicy", "*/InterfacesPolicy")
_ACCOUNT = "<AWS::Region>:<AWS::AccountId>"


ACKNOWLEDGEMENTS = (
    # Buckets.
    Acknowledgement(
        ("AwsSolutions-S1", *both("S3BucketLoggingEnabled"), "CKV_AWS_18"),
        _BUCKETS,
        "Access logs need a bucket, its policy and its retention, which an account has in one place: who wants them "
        "passes buckets of their own that have them.",
    ),
    Acknowledgement(
        (*both("S3BucketReplicationEnabled", "S3BucketVersioningEnabled"), "CKV_AWS_21"),
        _BUCKETS,
        "Nothing is written over: input is stored under its digest, results under their job's id. Versions and copies "
        "would only keep records that their owner has deleted; who wants them passes buckets that have them.",
    ),
    Acknowledgement(
        both("S3DefaultEncryptionKMS"),
        ("BedrockBatchInput", "BedrockBatchOutput"),
        "'encryption_key' is what makes it so; without it S3 encrypts with its own keys.",
    ),
    # Functions.
    Acknowledgement(
        (*both("LambdaInsideVPC"), "CKV_AWS_117"),
        (*_FUNCTIONS, *_OF_PIPELINES),
        "They talk to AWS's public endpoints only and take no connection; in a VPC without one of the endpoints "
        "CloudFormation would wait for an answer in vain.",
    ),
    Acknowledgement(
        (*both("LambdaDLQ"), "Serverless-LambdaDLQ", "CKV_AWS_116"),
        _FUNCTIONS,
        "An event that the function could not handle goes to LastWord, its on-failure destination, which answers "
        "CloudFormation; what LastWord could not handle CloudFormation itself times out.",
    ),
    Acknowledgement(
        (*both("LambdaConcurrency"), "CKV_AWS_115"),
        _FUNCTIONS,
        "CloudFormation is the only caller. A reservation would take from the account's other functions, and make the "
        "jobs of a large stack wait for each other.",
    ),
    Acknowledgement(
        ("AwsSolutions-L1", "Serverless-LambdaLatestVersion"),
        (*_FUNCTIONS, *_OF_PIPELINES),
        "Python 3.13 is the newest that the oldest supported aws-cdk-lib can name.",
    ),
    Acknowledgement(
        ("Serverless-LambdaTracing",),
        (*_FUNCTIONS, *_OF_PIPELINES),
        "X-Ray would need a permission on all resources, for a function that runs once in a deployment and logs.",
    ),
    Acknowledgement(
        (*both("CloudWatchLogGroupEncrypted"), "CKV_AWS_158"),
        _LOGS,
        "CloudWatch Logs encrypts with its own keys; neither a record nor anything that signs is logged.",
    ),
    Acknowledgement(
        ("CKV_AWS_173",),
        ("BedrockBatchProviderFunction7*", *_OF_PIPELINES),
        "The names of tables, state machines, models and places, which are no secrets.",
    ),
    Acknowledgement(
        (*both("LambdaDLQ"), "Serverless-LambdaDLQ", "CKV_AWS_116"),
        _OF_PIPELINES,
        "The state machine calls them and tries again; what an event could not tell, the next look at the run finds.",
    ),
    Acknowledgement(
        (*both("LambdaConcurrency"), "CKV_AWS_115"),
        _OF_PIPELINES,
        "The state machine bounds how many run at once. A reservation would take from the account's other functions.",
    ),
    Acknowledgement(
        ("Serverless-EventBusDLQ",),
        ("*/StateMachine/JobEnds", "*/StateMachine/RunChanges"),
        "An event that is lost only delays until the next look at the run.",
    ),
    # What waits where no function runs.
    Acknowledgement(
        (
            "AwsSolutions-DDB3",
            *both("DynamoDBInBackupPlan", "DynamoDBPITREnabled"),
            "CKV_AWS_28",
        ),
        _LEDGER,
        "What stands there matters while a run goes on, and is about jobs that are there: restored later, it would "
        "tell of jobs that have ended meanwhile.",
    ),
    Acknowledgement(
        (
            "AwsSolutions-DDB3",
            *both("DynamoDBInBackupPlan", "DynamoDBPITREnabled"),
            "CKV_AWS_28",
        ),
        _TABLE,
        "What stands there matters for as long as CloudFormation waits for an answer: hours. Restored later, it would "
        "only keep addresses that are dead.",
    ),
    Acknowledgement(
        ("CKV_AWS_119",),
        (*_TABLE, *_LEDGER),
        "DynamoDB encrypts with its own key. One of the stack's would cost more than all the rest of it, and who may "
        "read the table could use the key as well.",
    ),
    Acknowledgement(
        ("AwsSolutions-SF1",),
        _MACHINE,
        "An execution holds the ARN of a job and the name of a wait, and its history stays for 90 days; what the "
        "function saw stands in the function's log.",
    ),
    Acknowledgement(
        ("AwsSolutions-SF2", "Serverless-StepFunctionStateMachineXray"),
        _MACHINE,
        "X-Ray would need a permission on all resources, for a machine that calls one function and writes a history.",
    ),
    # Permissions.
    Acknowledgement(
        both("IAMNoInlinePolicy"),
        (*_FUNCTION_POLICIES, *_BESIDE, *_TO_THE_END, *_JOB_POLICIES, *_PIPELINE_POLICIES),
        "Each names the resources of one stack, fits one role and goes with it; nobody else could use it.",
    ),
    Acknowledgement(
        (IAM5.format("arn:<AWS::Partition>:s3:::<bucket>/<folder>/*"),),
        (
            "BedrockBatchProvider/Role/*Policy*",
            *_BESIDE,
            *_JOB_POLICIES,
            *_SHARED,
            "*/Functions/DataRole/DefaultPolicy",
            "*/Functions/DemandRole/DefaultPolicy",
            _MACHINE_POLICY,
        ),
        "The job's own folder in a bucket: Bedrock chooses the names of the results, and new records get a new name.",
    ),
    Acknowledgement(
        (IAM5.format("arn:<AWS::Partition>:s3:::<bucket>/<folder>/*/manifest.json.out"),),
        ("BedrockBatchProvider/Role/*Policy*",),
        "Bedrock chooses the ids of jobs, which the manifests' folders are named after; nothing but manifests is read.",
    ),
    Acknowledgement(
        (IAM5.format(f"arn:<AWS::Partition>:bedrock:{_ACCOUNT}:model-invocation-job/*"),),
        ("BedrockBatchProvider/Role/DefaultPolicy", *_BESIDE, _JOBS_POLICY),
        "Bedrock chooses the ids of jobs; the function looks at name, token and role before it stops one.",
    ),
    Acknowledgement(
        (IAM5.format(f"arn:<AWS::Partition>:kms:{_ACCOUNT}:key/*"),),
        ("BedrockBatchProvider/Role/*Policy*",),
        "Who bootstraps the account chooses the key of CDK's assets: conditions narrow it to S3 and to their bucket.",
    ),
    Acknowledgement(
        (IAM5.format("*"),),
        ("BedrockBatchProvider/Role/*Policy*", _JOBS_POLICY),
        "ListModelInvocationJobs, tag:GetResources and ec2:DescribeNetworkInterfaces have no resources in the service "
        "authorization reference.",
    ),
    Acknowledgement(
        (
            IAM5.format("*"),
            IAM5.format(f"arn:<AWS::Partition>:ec2:{_ACCOUNT}:network-interface/*"),
            "RESOURCE_STAR[ec2:CreateNetworkInterfacePermission]",
            "RESOURCE_STAR[ec2:DeleteNetworkInterface]",
            "MISMATCHED_TYPE",
        ),
        ("Visits/JobRolePolicy1",),
        "As in the user guide (batch-vpc): EC2 chooses the ids of interfaces, and conditions on the subnet and on the "
        "tag with the job's ARN say which they are. The tag is a string, compared as the ARN that it holds.",
    ),
    Acknowledgement(
        ("MISMATCHED_TYPE_BUT_USABLE",),
        ("Visits/JobRolePolicy1",),
        "The user guide compares ec2:Subnet as a string; it is a whole ARN here.",
    ),
    Acknowledgement(
        ("RESOURCE_MISMATCH[bedrock:InvokeModel]", "RESOURCE_MISMATCH[bedrock:GetFoundationModel]"),
        (*_JOB_POLICIES, *_SHARED, "*/Functions/DemandRole/DefaultPolicy", _JOBS_POLICY),
        "A false alarm: parliament takes the colon in a model's version for the end of a part of the ARN.",
    ),
    Acknowledgement(
        (
            IAM5.format("<NightlyStateMachineF28BA435>/*"),
            IAM5.format(f"arn:<AWS::Partition>:states:{_ACCOUNT}:execution:<NightlyStateMachineF28BA435.Name>:*"),
            "RESOURCE_MISMATCH[states:SendTaskSuccess]",
        ),
        (_JOBS_POLICY,),
        "Executions and the children of a Map are named when they begin. The service authorization reference has no "
        "resource for SendTaskSuccess, yet Step Functions asks for the state machine's (aws-cdk pull request 8486).",
    ),
    Acknowledgement(
        (
            IAM5.format(f"arn:<AWS::Partition>:states:{_ACCOUNT}:execution:<NightlyStateMachineF28BA435.Name>:*"),
            IAM5.format(f"arn:<AWS::Partition>:states:{_ACCOUNT}:execution:<NightlyStateMachineF28BA435.Name>/*:*"),
        ),
        (_MACHINE_POLICY,),
        "The machine's own executions and the children of its own Maps, which are named when they begin.",
    ),
    *IN_EXAMPLES,
)
