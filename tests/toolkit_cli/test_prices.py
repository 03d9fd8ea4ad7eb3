"""What input costs, on the command line, by price lists in files and by AWS where it cannot be asked."""

import json
from pathlib import Path

import pytest

from tests.toolkit_cli.in_process import answer_of
from tests.unit.toolkit.job_files import write
from tests.unit.toolkit.prices.recorded import LATER, MARKETPLACE, TOKYO, Row, price_list

MODEL = "us.amazon.nova-micro-v1:0"


@pytest.fixture
def prompts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Records in the working directory of somebody who has no account, but a Region."""
    for name in ("AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.chdir(tmp_path)
    body = {"messages": [{"role": "user", "content": [{"text": "x" * 4000}]}]}
    return write(tmp_path / "prompts.jsonl", *({"recordId": f"{n}", "modelInput": body} for n in range(100)))


@pytest.fixture
def virginia(tmp_path: Path) -> Path:
    return price_list(tmp_path / "virginia.json", LATER, published="2026-09-17T23:16:09Z")


@pytest.mark.usefixtures("prompts", "virginia")
def test_a_check_tells_what_it_costs_to_have_the_records_read(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = answer_of(monkeypatch, "check", "prompts.jsonl", "--model", MODEL, "--prices", "virginia.json")
    assert answer.code == 0, answer.err
    *_, cost = answer.out.decode().splitlines()
    # 400,000 bytes of text are 100,000 tokens, at 0.0175 USD for a million.
    assert cost == (
        "cost: about 0.00175 USD for what is read, and what is written besides, at 0.0175 USD in, 0.07 USD out for a "
        "million tokens (of batch inference; USE1-NovaMicro-input-tokens-batch, USE1-NovaMicro-output-tokens-batch in "
        "virginia.json of 2026-09-17)"
    )


@pytest.mark.usefixtures("prompts", "virginia")
def test_a_machine_is_told_the_amount_and_where_it_is_from(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("check", "prompts.jsonl", "--model", MODEL, "--prices", "virginia.json", "--json")
    told = json.loads(answer_of(monkeypatch, *words).out)["estimatedInputCost"]
    assert told["amount"] == pytest.approx(100_000 * 0.0175 / 1e6)
    assert (told["input"], told["output"], told["currency"]) == (0.0175, 0.07, "USD")
    assert told["remark"].endswith("virginia.json of 2026-09-17)")
    assert json.loads(answer_of(monkeypatch, "check", "prompts.jsonl", "--json").out)["estimatedInputCost"] is None


@pytest.mark.usefixtures("prompts", "virginia")
def test_several_lists_are_searched_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    price_list(tmp_path / "sold.json", MARKETPLACE)
    lists = ("--prices", "virginia.json", "--prices", "sold.json")
    words = ("check", "prompts.jsonl", "--model", "anthropic.claude-sonnet-4-6", *lists)
    assert "at 1.65 USD in, 8.25 USD out" in answer_of(monkeypatch, *words).out.decode()


@pytest.mark.usefixtures("prompts", "virginia")
def test_what_no_list_has_is_said_and_fails_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    price_list(tmp_path / "tokyo.json", TOKYO, "ap-northeast-1")
    lists = ("--prices", "virginia.json", "--prices", "tokyo.json")
    answer = answer_of(monkeypatch, "check", "prompts.jsonl", "--model", "amazon.nova-lite-v1:0", *lists)
    assert answer.code == 0, answer.err
    assert answer.out.decode().splitlines()[-1] == (
        "cost not known: virginia.json has no price of amazon.nova-lite-v1:0 in us-east-1; "
        "tokyo.json has prices of ap-northeast-1, none of us-east-1"
    )


@pytest.mark.usefixtures("prompts")
def test_aws_that_cannot_be_asked_is_said_and_fails_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("check", "prompts.jsonl", "--prices", "AWS", "--endpoint-url", "http://127.0.0.1:9", "--model")
    profile = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/abcdef123456"
    own = answer_of(monkeypatch, *words, profile)
    assert (own.code, own.out.decode().splitlines()[-1].partition(": Could not")[0]) == (
        0,
        f"cost not known: AWS does not tell which model {profile} is of",
    )
    answer = answer_of(monkeypatch, *words, MODEL)
    assert answer.code == 0, answer.err
    assert (
        answer.out.decode().splitlines()[-1].startswith("cost not known: AWS's Price List cannot be asked: Could not")
    )


@pytest.mark.usefixtures("prompts", "virginia")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--prices virginia.json", "--prices are those of a model; name it with --model"),
        (
            "--model m --prices no-such.json",
            "no-such.json: cannot be read (No such file or directory)",
        ),
        ("--model m --prices prompts.jsonl", "prompts.jsonl: is no price list in JSON"),
        ("--model m --prices prompts.jsonl --prices aws", "prompts.jsonl: is no price list in JSON"),
        ("--model m --prices .", ".: cannot be read (Is a directory)"),
        ("--model m --prices virginia.json --input-price 1 --output-price 1", "prices are told, or looked up"),
        ("--model m --input-price 1", "a cost needs both prices"),
        ("--model m --currency EUR", "a cost needs both prices"),
    ],
)
def test_prices_that_cannot_be_meant_are_refused(words: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = answer_of(monkeypatch, "check", "prompts.jsonl", *words.split())
    assert (answer.code, answer.out) == (2, b"")
    assert answer.err.startswith(f"bedrock-batch: {said}")


@pytest.mark.usefixtures("prompts", "virginia")
def test_a_price_is_that_of_a_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    words = ("check", "prompts.jsonl", "--model", MODEL, "--prices", "virginia.json")
    nowhere = answer_of(monkeypatch, *words)
    assert (nowhere.code, nowhere.err) == (
        2,
        "bedrock-batch: --prices are those of a Region; name it with --region, AWS_REGION or the profile\n",
    )
    assert "0.0175 USD in" in answer_of(monkeypatch, *words, "--region", "us-east-1").out.decode()


@pytest.mark.usefixtures("prompts")
def test_prices_can_be_told_to_every_command_that_tells_a_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("check", "prompts.jsonl", "--input-price", "10", "--output-price", "20", "--currency", "EUR")
    cost = answer_of(monkeypatch, *words).out.decode().splitlines()[-1]
    assert cost.startswith("cost: about 1.00 EUR for what is read")
    assert cost.endswith("at 10 EUR in, 20 EUR out for a million tokens")


@pytest.mark.usefixtures("prompts")
@pytest.mark.parametrize("place", ["s3://bucket/prices.json", "https://pricing.us-east-1.amazonaws.com/index.json"])
def test_a_list_that_is_not_here_is_to_be_downloaded_first(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = answer_of(monkeypatch, "check", "prompts.jsonl", "--model", MODEL, "--prices", place)
    assert answer.code == 2
    assert answer.err.endswith(f"argument --prices: {place} is not a file here; download it first, or say aws\n")


@pytest.mark.usefixtures("prompts")
def test_a_list_of_another_service_has_no_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    price_list(tmp_path / "ec2.json", (Row("BoxUsage:m5.large", "", "0.096", "Hrs"),))
    answer = answer_of(monkeypatch, "check", "prompts.jsonl", "--model", MODEL, "--prices", "ec2.json")
    assert answer.out.decode().splitlines()[-1] == "cost not known: ec2.json has no price of tokens at all"
