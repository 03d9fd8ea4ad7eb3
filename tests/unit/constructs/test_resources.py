"""What a construct stands for in the template."""

import pytest
from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from cdk_bedrock_batch._cdk.shared import resource_behind, resource_of


def test_what_is_made_has_a_resource_and_what_is_imported_has_none(stack: Stack) -> None:
    made = iam.Role(stack, "Made", assumed_by=iam.AccountRootPrincipal())
    imported = iam.Role.from_role_name(stack, "Imported", "theirs")
    assert resource_of(made).cfn_resource_type == "AWS::IAM::Role"
    assert resource_behind(imported) is None
    with pytest.raises(TypeError, match="Stack/Imported stands for no resource"):
        resource_of(imported)
