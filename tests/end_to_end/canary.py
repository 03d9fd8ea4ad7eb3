"""Where in an account a text stands that must stand in one place only."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .stacks import Deployed
from .waits import Waits


@dataclass(frozen=True)
class Canary:
    """What an account shows of a stack, beside its table: all that is kept there is read."""

    deployed: Deployed

    def places(self, secret: str) -> set[str]:
        """The kinds of places in which a text stands."""
        return {place for place, text in self._texts() if secret in text}

    @property
    def kinds(self) -> set[str]:
        """The kinds of places in which there is anything at all."""
        return {place for place, text in self._texts() if text}

    @cached_property
    def _stacks(self) -> Any:
        return self.deployed.stacks

    def _texts(self) -> Iterator[tuple[str, str]]:
        yield from (("table", _text(item)) for item in Waits(self.deployed).items)
        yield from (("log", text) for text in self._logs())
        yield "execution", Waits(self.deployed).history
        yield from (("event of the stack", _text(event)) for event in self.deployed.events())
        yield from (("tag", text) for text in self._tags())
        yield from (("function", text) for text in self._configurations())

    def _logs(self) -> Iterator[str]:
        logs = self._stacks.logs
        for groups in logs.get_paginator("describe_log_groups").paginate():
            for group in groups["logGroups"]:
                pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
                yield from (event["message"] for page in pages for event in page["events"])

    def _tags(self) -> Iterator[str]:
        tagging = self._stacks.aws.client("resourcegroupstaggingapi")
        yield from (
            _text(each)
            for page in tagging.get_paginator("get_resources").paginate()
            for each in page["ResourceTagMappingList"]
        )
        for arn in self.deployed.jobs.values():
            if arn.startswith("arn:"):
                yield _text(self._stacks.bedrock.list_tags_for_resource(resourceARN=arn)["tags"])

    def _configurations(self) -> Iterator[str]:
        for page in self._stacks.functions.get_paginator("list_functions").paginate():
            yield from (_text(function) for function in page["Functions"])


def _text(value: Any) -> str:
    return json.dumps(value, default=str)
