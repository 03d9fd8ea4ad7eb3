"""What a run costs at most, by AWS's Price List, told before it begins."""

from bedrock_batch.prices.find import find_prices
from bedrock_batch.prices.prices import PriceListError
from bedrock_batch.prices.query import endpoint_region
from bedrock_batch.records.tokens import TextSample

from .account import Account
from .records import GOOD, MAX_TOKENS, RECORDS
from .table import TRIALS


def estimate(account: Account, model: str) -> str:
    """Say how much is paid for, and what that costs; if that is not known, why."""
    records = sum(trial.paid for trial in TRIALS.values())
    sample = TextSample()
    sample.add(GOOD.splitlines())
    read, written = sample.found.tokens(len(GOOD)) * records // RECORDS, MAX_TOKENS * records
    amount = f"{records:,} records at most, about {read:,} tokens read and at most {written:,} written by {model}"
    return f"{amount}: {_cost(account, model, read, written)}"


def _cost(account: Account, model: str, read: int, written: int) -> str:
    pricing = account.client("pricing", endpoint_region(account.region))
    try:
        found = find_prices(model, account.region, client=pricing)
    except PriceListError as error:
        return f"cost not known: {error}"
    if not found:
        return f"cost not known: AWS's Price List has no price of {model} in {account.region}"
    return f"at most about {found.prices.cost(read, written)}, at {found}"
