"""What resolved values name, in each of the ways in which CloudFormation has it."""

import pytest

from cdk_bedrock_batch._cdk.intrinsics import names_in


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ({"Ref": "Name"}, {"Name"}),
        ({"Ref": "AWS::Region"}, set()),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, {"Bucket"}),
        ({"Fn::GetAtt": "Bucket.Arn"}, {"Bucket"}),
        ({"Fn::Sub": "a-${Name}-${Bucket.Arn}-${AWS::Region}-${!Literal}"}, {"Name", "Bucket"}),
        ({"Fn::Sub": ["${Given}-${Name}", {"Given": {"Ref": "Other"}}]}, {"Name", "Other"}),
        ({"Fn::Join": ["", ["s3://", {"Ref": "Name"}]]}, {"Name"}),
        ([{"a": [{"b": {"Ref": "Name"}}]}, "${Name2}", 7, None], {"Name"}),
    ],
)
def test_names_are_found_wherever_they_stand(value: object, names: set[str]) -> None:
    assert names_in(value) == names
