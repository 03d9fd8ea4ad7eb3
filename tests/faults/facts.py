"""What the rows' promises lean on: facts about AWS, each with how sure it is, where from, and which rows lean on it.

A row that leans on something unknown is tried in both ways: `tried` names what chooses between them.
"""

from .fact import Fact, Sure

_CFN = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide"
_API = "https://docs.aws.amazon.com/bedrock/latest/APIReference"
_GUIDE = "https://docs.aws.amazon.com/bedrock/latest/userguide"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg"
_CDK = "https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html"
_RECORDED = "[cloud-custodian's recordings](https://github.com/cloud-custodian/cloud-custodian)"
_TERRAFORM = "[Terraform's provider](https://github.com/hashicorp/terraform-provider-aws/pull/49877)"


def _page(title: str, url: str) -> str:
    return f"[{title}]({url})"


_REQUESTS = _page("custom resource requests", f"{_CFN}/crpg-ref-requests.html")
_RESPONSES = _page("custom resource responses", f"{_CFN}/crpg-ref-responses.html")
_CREATE = _page("CreateModelInvocationJob", f"{_API}/API_CreateModelInvocationJob.html")
_GET = _page("GetModelInvocationJob", f"{_API}/API_GetModelInvocationJob.html")
_STOP = _page("StopModelInvocationJob", f"{_API}/API_StopModelInvocationJob.html")
_ASYNC = _page("asynchronous invocation", f"{_LAMBDA}/invocation-async-error-handling.html")
D, R, U = Sure

FACTS = {
    # CloudFormation.
    "requests": Fact(
        "CloudFormation sends Create, Update and Delete with the ids and the properties, and waits for one answer", D,
        _REQUESTS, "C01 C26 C27 D19 P12 P13 P14 P15 U02 U03 U09 U13 U20 T03 T04 T06 T07",
    ),
    "text": Fact(
        "every number and boolean of the properties arrives as a text", R,
        _page("Pulumi's emulator of it", "https://github.com/pulumi/pulumi-aws-native"), "C25 U03",
    ),
    "answers": Fact(
        "an answer has 4,096 bytes at most, its own ids, and an id that is not empty; another id is a replacement", D,
        _RESPONSES, "C19 D23 P01 P03 P04 P05 P07 P08 P09 P10 P11 U14",
    ),
    "service timeout": Fact(
        "an answer that does not come in `ServiceTimeout` fails the resource", D,
        _page("CustomResource", f"{_CFN}/aws-resource-cloudformation-customresource.html"), "C07 C13 C28 L01 T02 U12",
    ),
    "clean-up": Fact(
        "after an update the replaced resource is deleted, under its old id; after a failed Create a Delete follows", D,
        _page("the CDK's guide to custom resources", _CDK), "C24 D18 U01 U04 U05 U11 W25",
    ),
    "roll back": Fact(
        "a failed update is taken back by an Update with old and new properties swapped", D,
        _page("the CDK's guide to custom resources", _CDK), "G03 U06 U07 W21 W23 W29",
    ),
    "given up": Fact(
        "a resource that is given up gets a Delete under an invented id, perhaps before its Create is over", R,
        _page("the roadmap", "https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1814"),
        "C07 C29 C30 C34 D09 D10 D24 G04 U12 W20",
    ),
    "request id": Fact(
        "a deployment that is tried again sends the same request id", R,
        _page("an issue of the CDK", "https://github.com/aws/aws-cdk/issues/35957"), "C09 C10",
    ),
    "old properties": Fact(
        "after an update that failed and was kept, whether `OldResourceProperties` are those of it or of before",
        U, "not known", "U17 U18", "remembers",
    ),
    "address": Fact(
        "how long the signed address of an answer holds", U, "not known", "P01 P02", "P01/P02",
    ),
    "order": Fact(
        "what a resource names or depends on is made before it, and deleted after it", D,
        _page("DependsOn", f"{_CFN}/aws-attribute-dependson.html"), "C31 D13 T01",
    ),
    "signals": Fact(
        "a wait condition waits for its signal up to twelve hours, and takes the same signal once", D,
        _page("SignalResource", "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_SignalResource.html"),
        "W01 W03 W06 W07 W17 W19 W22 W27 W28 W30",
    ),
    # Lambda and EventBridge.
    "deliveries": Fact(
        "CloudFormation's events are asynchronous: Lambda delivers each at least once, up to three times, up to six "
        "hours late", D, _ASYNC,
        "A02 C02 C03 C05 C06 C07 C33 D16 D32 G02 G14 L03 L04 P06 U08 U11 W07 W08 W09 W10 W11 W12 W13 W15",
    ),
    "process": Fact(
        "a function ends at its timeout, its memory's end or an exit, and its process may be used again", D,
        _page("Lambda's execution environment", f"{_LAMBDA}/lambda-runtime-environment.html"),
        "A06 D32 L01 L02 L03 L05 L06 L07 L09 L10 L11 P11 P12 P16 W16",
    ),
    "log groups": Fact(
        "a function that may create log groups makes its own again when its last lines come after its stack", R,
        _page("an issue of the CDK", "https://github.com/aws/aws-cdk/issues/31487"), "T05",
    ),
    "events": Fact(
        "Bedrock's events of a job are sent at best effort: late, twice or never", D,
        _page("Monitor job state changes", f"{_GUIDE}/monitoring-eventbridge.html"), "W01 W02 W03 W04 W05 W18",
    ),
    # Bedrock: making a job.
    "errors": Fact(
        "the operations' errors: what is invalid, missing, denied, throttled, over a quota, or the service's own", D,
        _CREATE, "A05 C12 C13 C14 C15 C17 C19 C22 D08 D14 D31 G06 L08 U04 U16 W14",
    ),
    "rules of the API": Fact("lengths, patterns and bounds of fields and tags", D, _CREATE, "C26 C27 G08 T06"),
    "token": Fact(
        "a request whose token has been used makes no second job, and is no error", D, _CREATE,
        "C03 C04 C14 G10 G13 U08",
    ),
    "reply to a token": Fact(
        "whether a repeated token's reply has the ARN of the earlier job", U, "not known", "C04 C11", "C04/C11",
    ),
    "memory of tokens": Fact(
        "how long a token is remembered", U, "not known", "C02 C08 C33", "C02/C08",
    ),
    "token of another request": Fact(
        "whether a token with other parameters is a Conflict or gives the earlier job", U,
        f"{_CREATE} declares the one, its text suggests the other", "G11 G12", "repeated_token",
    ),
    "name in use": Fact(
        "whether the error of a name in use is a Conflict or a Validation", U,
        "clients of batch jobs expect the one, customization jobs answer the other", "C20 C21", "name_in_use",
    ),
    "names of ended jobs": Fact(
        "whether a job that has ended keeps its name", U, "not known", "C09 C30 U10", "name_of_ended_job",
    ),
    "a new job in Get": Fact(
        "whether Get knows a job at once", U, f"{_TERRAFORM} asks again", "C01 C23 G16", "C01/C23",
    ),
    "a new job in List": Fact(
        "whether List knows a job at once", U, "not known", "C05 C20", "C05/C20",
    ),
    "late refusals": Fact(
        "a job is accepted before its role, its data and their number are looked at, and fails minutes later", R,
        _RECORDED, "C24 U05 W25",
    ),
    "young roles": Fact(
        "IAM tells everybody of a new role or policy within some time", D,
        _page("eventual consistency",
              "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency"),
        "C16 C17 C18 C32 D31",
    ),
    "how a young role fails": Fact(
        "whether a role that Bedrock cannot use yet fails the request or, later, the job", U,
        "customization jobs fail the request", "C18 C32 C33 C34 W24", "C18/C32",
    ),
    # Bedrock: what it shows of a job.
    "the token in Get": Fact(
        "Get shows the token; the API calls it optional", R, _RECORDED, "D11 D25 U19", "shown",
    ),
    "spelling of places": Fact(
        "whether places and roles come back as they were sent", U, "recorded as sent, in few forms", "D11 D25 U15 U19",
        "shown",
    ),
    "states": Fact("the states of a job, and that of them five are its end", D, _GET, "C10 D02 U07 U15 W06 W26 W28"),
    "states to come": Fact("whether there will be states that nobody knows yet", U, "not known", "D02 D20", "D02/D20"),
    "pages": Fact(
        "lists come in pages", D,
        _page("ListModelInvocationJobs", f"{_API}/API_ListModelInvocationJobs.html"), "D21",
    ),
    "retention": Fact("how long a job can be read", U, "not known", "D01 D08 U09 U16", "D01/D08"),
    # Bedrock: stopping, tags.
    "stop": Fact(
        "a Stop is answered at once, and the job is Stopping for tens of seconds", R, _RECORDED, "D01 D07 D15 D17 D22",
    ),
    "stop of an ended job": Fact(
        "whether a Stop that comes too late is a Validation or a Conflict", U,
        f"{_STOP} declares the one, Apache Airflow's tests have met the other", "D03 D04 D15",
        "code stop_of_ended_job",
    ),
    "states that can be stopped": Fact(
        "in which states Stop is accepted", U, "not known", "D01 D05 D06", "D01/D05/D06",
    ),
    "whose job": Fact(
        "an ARN has its account and Region; a name and a token may be anybody's", D, _GET, "D11 D12 G15",
    ),
    "tags": Fact(
        "tags are set with the job and changed by TagResource; AWS's own cannot be", D,
        _page("Tagging Bedrock resources", f"{_GUIDE}/tagging.html"), "G01 G07 G09 W28",
    ),
    "tags of ended jobs": Fact(
        "whether ListTagsForResource knows a job that has ended", U,
        "authors of Terraform's provider found none; recorded are changes by the Tagging API", "G05 G07 W26",
        "tags_of_ended_job",
    ),
    "interfaces": Fact(
        "the network interfaces of a job have its ARN as a tag, and Bedrock deletes them with the job's role", D,
        _page("batch inference in a VPC", f"{_GUIDE}/batch-vpc.html"), "D29 D30 D31 D32",
    ),
    "end of interfaces": Fact(
        "how long after the job's end its network interfaces are there", U, "not known", "D29 D30", "D29/D30",
    ),
    "index of tags": Fact(
        "the Resource Groups Tagging API lists the tags of jobs that have ended", R, _RECORDED, "W26",
    ),
    # S3.
    "retained": Fact(
        "CloudFormation leaves what is to be retained alone, also in a roll-back, and S3 deletes no bucket that holds "
        "something", D,
        _page("DeletionPolicy", "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html"),
        "D26 D27 D28",
    ),
    "archives": Fact(
        "objects are read and written as the S3 API says", D,
        _page("S3's API", "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html"),
        "A01 A03 A04 A05 A06 A07",
    ),
}  # fmt: skip


def leans_on(row: str) -> dict[str, Fact]:
    """Return the facts that a row leans on, by name."""
    return {name: fact for name, fact in FACTS.items() if row in fact.rows.split()}


def mark(row: str) -> Sure:
    """Return how sure a row's promise is, as far as AWS goes: as sure as the least sure fact."""
    return max((fact.sure for fact in leans_on(row).values()), key=list(Sure).index)


def marks(row: str) -> str:
    """Return a row's mark, with the facts that it comes from."""
    found = mark(row)
    return f"{found}: {', '.join(name for name, fact in leans_on(row).items() if fact.sure is found)}"
