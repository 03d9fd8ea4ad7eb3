"""What the judges object to in what only an example has, and in dependencies; see ``acknowledgements.py``."""

from tests.judges.acknowledgement import ACTION, IAM5, Acknowledgement, both

#: What examples have beside their jobs.
_EXAMPLE_BUCKETS = ("Articles", "Summaries", "Questions")
_READERS = ("Reader", "Asker")
#: The CDK's own functions: what calls a custom resource's, and what empties a bucket that goes with its stack.
_CALLER, _EMPTIER = "Provider/framework-onEvent", "Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler"
_EMPTIED = ("BedrockBatchInput", "BedrockBatchOutput")

IN_EXAMPLES = (
    Acknowledgement(
        (
            "AwsSolutions-S1",
            *both(
                "S3BucketLoggingEnabled",
                "S3BucketReplicationEnabled",
                "S3BucketVersioningEnabled",
                "S3DefaultEncryptionKMS",
            ),
            "CKV_AWS_18",
            "CKV_AWS_21",
        ),
        _EXAMPLE_BUCKETS,
        "They stand for the reader's own buckets, of which the reader decides how they are logged, kept and encrypted.",
    ),
    Acknowledgement(
        ("AwsSolutions-L1", "Serverless-LambdaLatestVersion"),
        _READERS,
        "The newest that the oldest supported aws-cdk-lib can name; the reader's own may be another.",
    ),
    Acknowledgement(
        (
            "Serverless-LambdaTracing",
            "Serverless-LambdaDLQ",
            "Serverless-LambdaDefaultMemorySize",
            *both("LambdaInsideVPC", "LambdaDLQ", "LambdaConcurrency"),
            "CKV_AWS_115",
            "CKV_AWS_116",
            "CKV_AWS_117",
            "CKV_AWS_173",
        ),
        (*_READERS, _CALLER),
        "Two stand for the reader's own functions, as short as can be shown, and read a hundred short records; one is "
        "the CDK's.",
    ),
    Acknowledgement(
        ("CKV_AWS_115", "CKV_AWS_116", "CKV_AWS_117"),
        (_EMPTIER,),
        "It is the CDK's, and called once, when development's stack goes.",
    ),
    Acknowledgement(
        ("AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",),
        tuple(f"{name}/ServiceRole" for name in (*_READERS, _CALLER)),
        "What CDK's own Function gives each role, to write its log.",
    ),
    Acknowledgement(
        both("IAMNoInlinePolicy"),
        tuple(f"{name}/ServiceRole/DefaultPolicy" for name in (*_READERS, _CALLER)),
        "What CDK's own grants write into a role's policy.",
    ),
    Acknowledgement(
        (ACTION.format("Abort"), IAM5.format("<Questions00801713.Arn>/*")),
        ("Asker/ServiceRole/DefaultPolicy",),
        "What CDK's own grant on a bucket allows; what is written there is named by a job, whose id Bedrock chooses.",
    ),
    Acknowledgement(
        (IAM5.format("<Asker7A377A44.Arn>:*"),),
        (f"{_CALLER}/ServiceRole/DefaultPolicy",),
        "CDK's own Provider may call any version of the function that it calls.",
    ),
    Acknowledgement(
        (IAM5.format("arn:<AWS::Partition>:s3:::<bucket>/<folder>/*"),),
        tuple(f"{name}/ServiceRole/DefaultPolicy" for name in _READERS),
        "Bedrock chooses the names of the results.",
    ),
    Acknowledgement(
        (
            "RESOURCE_POLICY_PRIVILEGE_ESCALATION",
            *(
                f"RESOURCE_MISMATCH[s3:List{what}]"
                for what in (
                    "AccessGrants",
                    "AccessGrantsInstances",
                    "AccessGrantsLocations",
                    "AccessPoints",
                    "AccessPointsForObjectLambda",
                    "AllMyBuckets",
                    "CallerAccessGrants",
                    "Jobs",
                    "MultiRegionAccessPoints",
                    "StorageLensConfigurations",
                    "StorageLensGroups",
                )
            ),
        ),
        tuple(f"{bucket}/Policy" for bucket in _EMPTIED),
        "What CDK's `auto_delete_objects` lets its function do with a bucket that goes with its stack.",
    ),
    Acknowledgement(
        both("IAMNoInlinePolicy"),
        tuple(f"{bucket}/EmptyingPolicy" for bucket in _EMPTIED),
        "It names one bucket of the stack, and goes with it; nobody else could use it.",
    ),
    Acknowledgement(
        ("AwsSolutions-VPC7", *both("VPCFlowLogsEnabled")),
        ("Vpc",),
        "S3 is the only way out of this VPC; CloudTrail's data events say more about it than packets would.",
    ),
    Acknowledgement(
        both("VPCDefaultSecurityGroupClosed"),
        ("Vpc",),
        "Nothing is in the default group: the job's interfaces have one of their own.",
    ),
    Acknowledgement(
        ("Serverless-EventBusDLQ",),
        ("Titles/Completed", "Titles/FailedRule"),
        "Bedrock itself sends these events on a best-effort basis; who must not miss one looks at the job. The rule of "
        "the alarm has no target: its events are only counted.",
    ),
    Acknowledgement(
        ("Serverless-EventBusDLQ",),
        ("BedrockBatchProvider/Ends",),
        "Bedrock itself sends these events on a best-effort basis; the state machine has the function look anyway.",
    ),
    Acknowledgement(
        ("Serverless-EventBusDLQ",),
        ("Nightly/EveryNight",),
        "A night that is missed is seen by the pipeline's own alarm, whatever the reason: `alarm_when_late`.",
    ),
    Acknowledgement(
        ("W3005",),
        (
            "Visits",
            "Dutch",
            "French",
            "Greek",
            "Polish",
            "Swedish",
            "Numbers",
            "Replies",
            "Reviews",
            "Titles",
            "Inventions",
            "Photographs",
            "Slogans",
            "Summaries",
            "Translations",
            "Rhymes",
            "Verses",
            *_READERS,
            _CALLER,
            _EMPTIER,
        ),
        "CDK names each resource of a construct that another waits for, also those that a property names anyway.",
    ),
)
