"""The template of what the trials need: a bucket, roles that lack something, a queue that is told of events."""

from collections.abc import Iterator
from typing import Any

from .own import PREFIX

_READ, _LIST, _WRITE, _INVOKE = "s3:GetObject", "s3:ListBucket", "s3:PutObject", "bedrock:InvokeModel"
#: The roles, by what they may not do. `Distrustful` trusts somebody else, `OnlyByProfile` asks for a profile's key.
_ROLES = {
    "Whole": "",
    "WithoutRead": _READ,
    "WithoutList": _LIST,
    "WithoutWrite": _WRITE,
    "WithoutInvoke": _INVOKE,
    "Distrustful": "",
    "OnlyByProfile": _INVOKE,
}
_CHANGES = {
    "source": ["aws.bedrock"],
    "detail-type": ["Batch Inference Job State Change"],
    "detail": {"batchJobName": [{"prefix": PREFIX}]},
}


def template(tags: list[dict[str, str]]) -> dict[str, Any]:
    """Return the template; the stack's own tags do not reach everything."""
    resources = {"Data": _resource("S3::Bucket", Tags=tags), **dict(_signals())}
    for name, lacks in _ROLES.items():
        may = policy({"Fn::GetAtt": ["Data", "Arn"]}, {"Fn::Sub": "${Data.Arn}/*"}, lacks)
        if name == "OnlyByProfile":
            may["Statement"] += _only_by_profile()
        trusted = trust("lambda.amazonaws.com" if name == "Distrustful" else "bedrock.amazonaws.com")
        policies = [{"PolicyName": "May", "PolicyDocument": may}]
        resources[name] = _resource("IAM::Role", AssumeRolePolicyDocument=trusted, Policies=policies, Tags=tags)
    return {"Resources": resources}


def policy(bucket: Any, objects: Any, lacks: str = "") -> dict[str, Any]:
    """Return what a service role may do: with a bucket, with its objects, with all models."""
    on = {_READ: objects, _LIST: bucket, _WRITE: objects, _INVOKE: "*"}
    return _document(*(_allow(action, resource) for action, resource in on.items() if action != lacks))


def trust(service: str = "bedrock.amazonaws.com") -> dict[str, Any]:
    """Return who may assume a role."""
    return _document({"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def _only_by_profile() -> list[dict[str, Any]]:
    through = {"Condition": {"StringLike": {"bedrock:InferenceProfileArn": "*"}}}
    models, profiles = ("arn:*:bedrock:*:*:" + kind for kind in ("foundation-model/*", "inference-profile/*"))
    return [_allow(_INVOKE, profiles), _allow(_INVOKE, models) | through]


def _signals() -> Iterator[tuple[str, dict[str, Any]]]:
    queue, rule = ({"Fn::GetAtt": [name, "Arn"]} for name in ("Queue", "Rule"))
    yield "Queue", _resource("SQS::Queue", MessageRetentionPeriod=86400)
    told = _allow("sqs:SendMessage", queue) | {
        "Principal": {"Service": "events.amazonaws.com"},
        "Condition": {"ArnEquals": {"aws:SourceArn": rule}},
    }
    yield "QueuePolicy", _resource("SQS::QueuePolicy", Queues=[{"Ref": "Queue"}], PolicyDocument=_document(told))
    yield "Rule", _resource("Events::Rule", EventPattern=_CHANGES, Targets=[{"Id": "Queue", "Arn": queue}])
    yield "RuleWithoutTarget", _resource("Events::Rule", EventPattern=_CHANGES)


def _allow(action: str, resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def _document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}
