"""The tags of a resource in a policy: ministack knows those of some services, and no key of a service's own.

Such as ``ecr:ResourceTag/NAME``, with which the CDK's function that empties a repository may delete its images.
Seen in ministack 1.5.33.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
"""

import re
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext
from ministack.services import tagging

NEEDS = (
    "core.iam_evaluator._resolve_condition_key",
    "services.tagging._COLLECTORS",
    "services.tagging._RESOURCE_TAG_COLLECTORS",
)

# The tags of a bucket count only where it is told that they do.
_WITHOUT = ("s3",)
_KEY = re.compile(r"(?!aws:)[a-z0-9-]+:resourcetag/(.+)", re.IGNORECASE)


def know_tags_of_resources() -> None:
    """Give ``aws:ResourceTag`` the tags of every service's resources, and each service's own key the same."""
    every = {service: collect for service, collect in tagging._COLLECTORS.items() if service not in _WITHOUT}  # noqa: SLF001 -- no public way in
    tagging._RESOURCE_TAG_COLLECTORS = {**every, **tagging._RESOURCE_TAG_COLLECTORS}  # noqa: SLF001 -- the same
    resolve = iam_evaluator._resolve_condition_key  # noqa: SLF001 -- no public way in

    def resolve_condition_key(key: str, request: EvalContext) -> Any:  # noqa: ANN401 -- ministack's
        if (value := resolve(key, request)) is not None or not (tag := _KEY.fullmatch(key)):
            return value
        tags = {name.lower(): value for name, value in (tagging.resource_tags(request.resource_arn) or {}).items()}
        return tags.get(tag[1].lower())

    iam_evaluator._resolve_condition_key = resolve_condition_key  # noqa: SLF001 -- the same
