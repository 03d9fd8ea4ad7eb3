"""Templates without intrinsic functions, for judges that read only text: each becomes what it might well be."""

from collections.abc import Callable, Mapping
from typing import Any

_PSEUDO = {
    "AWS::AccountId": "111122223333",
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::StackId": "arn:aws:cloudformation:us-east-1:111122223333:stack/Stack/5ac2e5a0-0000-4000-8000-000000000000",
    "AWS::StackName": "Stack",
    "AWS::URLSuffix": "amazonaws.com",
}
_ARNS = {
    "AWS::DynamoDB::GlobalTable": "arn:aws:dynamodb:us-east-1:111122223333:table/{name}",
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:us-east-1:111122223333:table/{name}",
    "AWS::IAM::Role": "arn:aws:iam::111122223333:role/{name}",
    "AWS::KMS::Key": "arn:aws:kms:us-east-1:111122223333:key/{name}",
    "AWS::Lambda::Function": "arn:aws:lambda:us-east-1:111122223333:function:{name}",
    "AWS::Logs::LogGroup": "arn:aws:logs:us-east-1:111122223333:log-group:{name}:*",
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
    "AWS::SNS::Topic": "arn:aws:sns:us-east-1:111122223333:{name}",
    "AWS::StepFunctions::StateMachine": "arn:aws:states:us-east-1:111122223333:stateMachine:{name}",
}
#: What `Ref` gives where it is no name.
_REFERENCES = {
    "AWS::EC2::Subnet": "subnet-0123456789abcdef0",
    "AWS::SNS::Topic": _ARNS["AWS::SNS::Topic"],
    "AWS::StepFunctions::StateMachine": _ARNS["AWS::StepFunctions::StateMachine"],
    "Custom::BedrockModelInvocationJob": "arn:aws:bedrock:us-east-1:111122223333:model-invocation-job/abcdef012345",
}
_ATTRIBUTES = {
    "GroupId": "sg-0123456789abcdef0",
    "InferenceProfileArn": "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abcdef123456",
    "JobId": "abcdef012345",
    "JobArn": _REFERENCES["Custom::BedrockModelInvocationJob"],
}


def resolve(part: Any, resources: Mapping[str, Any]) -> Any:
    """Return a part of a template with plausible texts in place of functions; what is not known is an error."""
    if isinstance(part, list):
        return [resolve(item, resources) for item in part]
    if not isinstance(part, dict):
        return part
    if len(part) == 1:
        ((name, argument),) = part.items()
        if name in _FUNCTIONS:
            return _FUNCTIONS[name](resolve(argument, resources), resources)
        assert not name.startswith("Fn::"), f"{name} is not known here"
    return {key: resolve(value, resources) for key, value in part.items()}


def _ref(name: str, resources: Mapping[str, Any]) -> str:
    if name in _PSEUDO:
        return _PSEUDO[name]
    # A parameter, which is no resource, is as good as its name.
    kind = resources[name]["Type"] if name in resources else "a parameter"
    return _REFERENCES.get(kind, "{name}").format(name=name.lower())


def _attribute(argument: list[str], resources: Mapping[str, Any]) -> str:
    name, attribute = argument
    if attribute in _ATTRIBUTES:
        return _ATTRIBUTES[attribute]
    if attribute == "Name":
        return name.lower()
    assert attribute == "Arn", argument
    return _ARNS[resources[name]["Type"]].format(name=name.lower())


def _join(argument: list[Any], _: Mapping[str, Any]) -> str:
    separator, items = argument
    return str(separator.join(items))


def _select(argument: list[Any], _: Mapping[str, Any]) -> str:
    index, items = argument
    return str(items[int(index)])


def _split(argument: list[str], _: Mapping[str, Any]) -> list[str]:
    separator, text = argument
    return text.split(separator)


def _sub(text: str, _: Mapping[str, Any]) -> str:
    for name, value in _PSEUDO.items():
        text = text.replace(f"${{{name}}}", value)
    assert "${" not in text, text
    return text


_FUNCTIONS: dict[str, Callable[[Any, Mapping[str, Any]], str | list[str]]] = {
    "Ref": _ref,
    "Fn::GetAtt": _attribute,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
}
