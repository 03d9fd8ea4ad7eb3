"""What AWS takes for what a run uses, in dollars, in us-east-1, without free tiers and without Bedrock's tokens."""

from dataclasses import dataclass

from scale.meter import Meter


@dataclass(frozen=True, kw_only=True)
class Prices:
    """Looked up on 30 November 2026; *unsure* where the copy of AWS's page that was read had no number."""

    #: https://aws.amazon.com/step-functions/pricing/: 0.025 for 1,000 state transitions.
    transition: float = 0.025 / 1_000
    #: https://aws.amazon.com/lambda/pricing/: x86, the first tier.
    gb_second: float = 0.0000166667
    invocation: float = 0.20 / 1_000_000
    #: https://aws.amazon.com/s3/pricing/, S3 Standard; unsure: PUT, POST and LIST; GET.
    put: float = 0.005 / 1_000
    get: float = 0.0004 / 1_000
    #: https://aws.amazon.com/dynamodb/pricing/on-demand/; unsure: taken from those who quote it, since November 2024.
    write: float = 0.625 / 1_000_000
    read: float = 0.125 / 1_000_000

    def of(self, meter: Meter) -> "Dollars":
        """Return what a run costs."""
        return Dollars(
            step_functions=meter.transitions * self.transition,
            functions=meter.gb_seconds * self.gb_second + meter.invocations * self.invocation,
            s3=meter.puts * self.put + meter.gets * self.get,
            dynamodb=meter.writes * self.write + meter.reads * self.read,
        )


@dataclass(frozen=True, kw_only=True)
class Dollars:
    """What a run costs, by service."""

    step_functions: float
    functions: float
    s3: float
    dynamodb: float

    @property
    def all(self) -> float:
        """The sum."""
        return self.step_functions + self.functions + self.s3 + self.dynamodb
