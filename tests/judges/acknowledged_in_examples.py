"""What the judges object to in what only an example has, and in dependencies; see ``acknowledgements.py``."""

from tests.judges.acknowledgement import ACTION, IAM5, Acknowledgement, both

#: What examples have beside their jobs.
_EXAMPLE_BUCKETS = ("Articles", "Summaries", "TitlesOfAll")
_READER, _UPLOAD = "Reader", "Custom::CDKBucketDeployment*"

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
        (
            "AwsSolutions-L1",
            "Serverless-LambdaLatestVersion",
            "Serverless-LambdaTracing",
            "Serverless-LambdaDLQ",
            *both("LambdaInsideVPC", "LambdaDLQ", "LambdaConcurrency"),
            "CKV_AWS_115",
            "CKV_AWS_116",
            "CKV_AWS_117",
            "CKV_AWS_173",
        ),
        (_READER, _UPLOAD),
        "One stands for the reader's own function, as short as it can be shown; the other is the CDK's, for what "
        "BucketDeployment uploads.",
    ),
    Acknowledgement(
        ("Serverless-LambdaDefaultMemorySize",),
        (_READER,),
        "A hundred short records need no more memory than that.",
    ),
    Acknowledgement(
        ("AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",),
        (f"{_READER}/ServiceRole", f"{_UPLOAD}/ServiceRole"),
        "What CDK's own Function gives each role, to write its log.",
    ),
    Acknowledgement(
        (*both("IAMNoInlinePolicy"), ACTION.format("Abort")),
        (f"{_READER}/ServiceRole/DefaultPolicy", f"{_UPLOAD}/ServiceRole/DefaultPolicy"),
        "What CDK's own grants on a bucket write into a role's policy.",
    ),
    Acknowledgement(
        (
            IAM5.format("<TitlesOfAll8C0808A2.Arn>/*"),
            IAM5.format("arn:<AWS::Partition>:s3:::<bucket>/<folder>/*"),
        ),
        (f"{_READER}/ServiceRole/DefaultPolicy",),
        "Bedrock chooses the names of the results, and what is written is named after the job, whose id it chooses.",
    ),
    Acknowledgement(
        (
            *map(ACTION.format, ("DeleteObject", "GetBucket", "GetObject", "List")),
            IAM5.format("<Articles47CFF050.Arn>/*"),
            IAM5.format("arn:<AWS::Partition>:s3:::<bucket>/*"),
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
        (f"{_UPLOAD}/ServiceRole/DefaultPolicy",),
        "What CDK's BucketDeployment lets its function do with the bucket that it fills, and that of the assets.",
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
            "Reviews",
            "Titles",
            "Inventions",
            "Summaries",
            "Summarize",
            "Translations",
            "Rhymes",
            "Verses",
            _READER,
            _UPLOAD,
        ),
        "CDK names each resource of a construct that another waits for, also those that a property names anyway.",
    ),
)
