"""A few words for the browser of a session, so that its owner can tell one from another."""

_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("wxwork", "WeCom"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("QQBrowser", "QQ Browser"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """ "Chrome · Windows"; empty when neither is known. The header is the client's own word, for recognition only."""
    words = [next((name for mark, name in table if mark.lower() in user_agent.lower()), "") for table in (_BROWSERS, _SYSTEMS)]
    return " · ".join(word for word in words if word)
