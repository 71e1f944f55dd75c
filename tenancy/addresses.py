"""The client's address, believed from a proxy only when the settings say how many proxies there are."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the client: the hop that our own outermost proxy saw, else the socket's.

    What the client itself wrote into X-Forwarded-For stands further left and is never reached.
    """
    hops: list[str] = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if settings.PROXY_COUNT and len(hops) >= settings.PROXY_COUNT:
        return hops[-settings.PROXY_COUNT][:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]
