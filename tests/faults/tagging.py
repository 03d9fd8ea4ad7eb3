"""The Resource Groups Tagging API, which knows the tags of Bedrock's jobs, also of those that have ended."""

import json

from .bedrock import PLACE, Bedrock
from .front import Call, Request, Response
from .table import header

_JSON = {"Content-Type": "application/x-amz-json-1.1"}


class Tagging:
    """The index of tags, of a Bedrock's jobs."""

    def __init__(self, bedrock: Bedrock) -> None:
        self._bedrock = bedrock

    def call(self, request: Request) -> Call:
        operation = header(request, "x-amz-target").removeprefix("ResourceGroupsTaggingAPI_20170126.")
        return Call(operation, json.loads(request.body or b"{}"))

    def answer(self, request: Request, call: Call) -> Response:  # noqa: ARG002 (see `Service`)
        if call.operation != "GetResources" or set(call.parameters) != {"ResourceARNList"}:
            return self.error("InvalidParameterException", "nothing else is asked", 400)
        found = [
            {"ResourceARN": job.arn, "Tags": [{"Key": key, "Value": value} for key, value in job.tags.items()]}
            for job in self._bedrock.memory.all(PLACE)
            if job.arn in call.parameters["ResourceARNList"]
        ]
        return 200, _JSON, json.dumps({"PaginationToken": "", "ResourceTagMappingList": found}).encode()

    def error(self, code: str, text: str, status: int) -> Response:
        return status, _JSON, json.dumps({"__type": code, "message": text}).encode()
