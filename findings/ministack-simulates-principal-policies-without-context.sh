#!/usr/bin/env bash
# ministack 1.5.33, an emulator of AWS: IAM's SimulatePrincipalPolicy answers without the context that it is given, without the
# role's permissions boundary, and for the first of several resources only. Its own requests are judged with all three.
#
# Seen: "implicitDeny" for a condition that the given context meets, "allowed" for what the boundary does not allow, and one
# answer for two resources. By AWS's page on the operation: allowed, implicitDeny, and two.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ministack==1.5.33 httpx==0.28.1
cat >"$folder/ask.py" <<'PYTHON'
import asyncio
import json
import re
from urllib.parse import urlencode

import httpx
from ministack import app

SIGNED = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0"
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
ROLE = "arn:aws:iam::000000000000:role/r"
THINGS = ("arn:aws:s3:::one/key", "arn:aws:s3:::two/key")


def document(*statements: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


async def main() -> None:
    transport = httpx.ASGITransport(app=app.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://iam.amazonaws.com") as client:

        async def ask(action: str, **members: str) -> str:
            body = urlencode({"Action": action, "Version": "2010-05-08", **members})
            headers = {"Authorization": SIGNED, "Content-Type": "application/x-www-form-urlencoded"}
            answer = await client.post("/", content=body, headers=headers)
            assert answer.status_code == 200, answer.text
            return answer.text

        async def decisions(*resources: str, **context: str) -> list[str]:
            named = {f"ResourceArns.member.{n}": each for n, each in enumerate(resources, start=1)}
            asked = {"PolicySourceArn": ROLE, "ActionNames.member.1": "s3:GetObject", **named, **context}
            return re.findall(r"<EvalDecision>(\w+)</EvalDecision>", await ask("SimulatePrincipalPolicy", **asked))

        reads = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
        lists = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}
        await ask("CreateRole", RoleName="r", AssumeRolePolicyDocument=document(TRUST))
        of_account = {**reads, "Condition": {"StringEquals": {"s3:ResourceAccount": "111122223333"}}}
        await ask("PutRolePolicy", RoleName="r", PolicyName="p", PolicyDocument=document(of_account))
        entry = {"ContextKeyName": "s3:ResourceAccount", "ContextKeyType": "string", "ContextKeyValues.member.1": "111122223333"}
        context = {f"ContextEntries.member.1.{name}": value for name, value in entry.items()}
        print("condition:", *await decisions(THINGS[0], **context))
        await ask("PutRolePolicy", RoleName="r", PolicyName="p", PolicyDocument=document(reads))
        print("two resources:", *await decisions(*THINGS))
        made = await ask("CreatePolicy", PolicyName="boundary", PolicyDocument=document(lists))
        boundary = re.search(r"<Arn>([^<]+)</Arn>", made)[1]
        await ask("PutRolePermissionsBoundary", RoleName="r", PermissionsBoundary=boundary)
        print("boundary:", *await decisions(THINGS[0]))


asyncio.run(main())
PYTHON
seen=$(cd "$folder" && IOT_MTLS_ENABLED=0 "$folder/venv/bin/python" ask.py 2>"$folder/errors") || { cat "$folder/errors" >&2; exit 1; }
echo "$seen"
[ "$seen" = "$(printf 'condition: implicitDeny\ntwo resources: allowed\nboundary: allowed')" ] || { echo "this has changed" >&2; exit 1; }
