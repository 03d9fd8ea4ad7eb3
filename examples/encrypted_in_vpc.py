"""A job that encrypts with a key of your own and reaches its data through a VPC without a way to the internet."""

from collections.abc import Iterator

from aws_cdk import App, Stack
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
    """A key, a VPC whose only way out is S3, and a job that uses both."""

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
        ModelInvocationJob(
            self,
            "Visits",
            model=BatchModel.foundation_model("amazon.nova-lite-v1:0"),
            input_data=InputData.from_records(records()),
            # Encrypts both buckets and the results. S3 uses it for the service role, so nobody else is let in.
            encryption_key=kms.Key(self, "Key", description="Visits of patients", enable_key_rotation=True),
            vpc=vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
        )


if __name__ == "__main__":
    app = App()
    EncryptedInVpcStack(app, "EncryptedInVpc")
    app.synth()
