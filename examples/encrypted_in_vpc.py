"""A job for data that must not leave the company: a KMS key, a VPC without a way to the internet, a profile of its own.

The application inference profile has tags of its own, by which the job's cost is told apart from that of others.
Costs the tokens of a hundred short records, and the key by the month. `cdk destroy` leaves the key, and the two buckets
with the records and the answers that it encrypts.
"""

from collections.abc import Iterator

from aws_cdk import App, ArnFormat, RemovalPolicy, Stack, Tags
from aws_cdk import aws_bedrock as bedrock
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_bedrock_batch import BatchModel, InputData, ModelInvocationJob


def records() -> Iterator[dict[str, object]]:
    """Stand for records that must not leave the company."""
    for number in range(1, 101):
        question = f"Sum up in one sentence: the visit of patient {number} was uneventful."
        yield {
            "recordId": f"visit-{number}",
            "modelInput": {"messages": [{"role": "user", "content": [{"text": question}]}]},
        }


class EncryptedInVpcStack(Stack):
    """A key, a VPC whose only way out is S3, a profile, and a job that uses them."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id)
        vpc = ec2.Vpc(
            self,
            "Vpc",
            max_azs=2,
            nat_gateways=0,
            subnet_configuration=[
                ec2.SubnetConfiguration(name="Isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
            ],
            gateway_endpoints={"S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3)},
        )
        key = kms.Key(
            self,
            "Key",
            description="Visits of patients",
            enable_key_rotation=True,
            # Without it nobody reads the results again.
            removal_policy=RemovalPolicy.RETAIN,
        )
        ModelInvocationJob(
            self,
            "Visits",
            model=self._profile("amazon.nova-lite-v1:0"),
            input_data=InputData.from_records(records()),
            # Encrypts both buckets and the results. S3 uses it for the service role, so nobody else is let in.
            encryption_key=key,
            vpc=vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        )

    def _profile(self, model_id: str) -> BatchModel:
        model_arn = self.format_arn(
            service="bedrock",
            account="",
            resource="foundation-model",
            resource_name=model_id,
            arn_format=ArnFormat.SLASH_RESOURCE_NAME,
        )
        profile = bedrock.CfnApplicationInferenceProfile(
            self,
            "Profile",
            inference_profile_name=f"{self.stack_name}-visits",
            model_source=bedrock.CfnApplicationInferenceProfile.InferenceProfileModelSourceProperty(
                copy_from=model_arn
            ),
        )
        Tags.of(profile).add("cost-centre", "visits")
        # The service role may call the profile, and this model behind it.
        return BatchModel.application_inference_profile(profile.attr_inference_profile_arn, model_arns=[model_arn])


if __name__ == "__main__":
    app = App()
    EncryptedInVpcStack(app, "EncryptedInVpc")
    app.synth()
