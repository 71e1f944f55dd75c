"""The client's address, believed from a proxy only when the settings say how many proxies there are."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the client: the hop that our own outermost proxy saw, else the socket's.

    What the client itself wrote into X-Forwarded-For stands further left and is never reached.
    """
    hops: list[str] = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    n_proxies: int = settings.PROXY_COUNT
    if n_proxies and len(hops) >= n_proxies:
        return hops[-n_proxies][:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]
