"""Changes of an OpenID Connect provider, for which ministack has no operations. Seen in ministack 1.5.33.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateOpenIDConnectProviderThumbprint.html
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ministack.services import iam

NEEDS = ("services.iam._IAM_HANDLERS", "services.iam._oidc_providers", "services.iam._xml", "services.iam._error")

Parameters = Mapping[str, Sequence[str]]
Provider = dict[str, Any]


def change_oidc_providers() -> None:
    """Change the thumbprints and the clients of an OpenID Connect provider."""
    iam._IAM_HANDLERS |= {  # noqa: SLF001 -- no public way in
        name: _operation(name, change) for name, change in _CHANGES.items()
    }


def _thumbprints(provider: Provider, asked: Parameters) -> None:
    names = sorted(name for name in asked if name.startswith("ThumbprintList.member."))
    provider["ThumbprintList"] = [asked[name][0] for name in names]


def _add_client(provider: Provider, asked: Parameters) -> None:
    provider["ClientIDList"] = [*provider["ClientIDList"], *({asked["ClientID"][0]} - {*provider["ClientIDList"]})]


def _remove_client(provider: Provider, asked: Parameters) -> None:
    provider["ClientIDList"] = [client for client in provider["ClientIDList"] if client != asked["ClientID"][0]]


_CHANGES: Mapping[str, Callable[[Provider, Parameters], None]] = {
    "UpdateOpenIDConnectProviderThumbprint": _thumbprints,
    "AddClientIDToOpenIDConnectProvider": _add_client,
    "RemoveClientIDFromOpenIDConnectProvider": _remove_client,
}


def _operation(name: str, change: Callable[[Provider, Parameters], None]) -> Callable[[Parameters], Any]:
    def operate(asked: Parameters) -> Any:  # noqa: ANN401 -- ministack's response
        arn = asked["OpenIDConnectProviderArn"][0]
        provider = iam._oidc_providers.get(arn)  # noqa: SLF001 -- no public way in
        if provider is None:
            return iam._error(404, "NoSuchEntity", f"OIDC provider {arn} not found.", ns="iam")  # noqa: SLF001 -- the same
        change(provider, asked)
        return iam._xml(200, f"{name}Response", "", ns="iam")  # noqa: SLF001 -- the same

    return operate
