"""What a person's browser is called in words, as well as its own description tells."""

SYSTEMS = [
    ("HarmonyOS", "鸿蒙手机"),
    ("OpenHarmony", "鸿蒙手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Android", "安卓手机"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
]
# Before those whose mark they carry as well
BROWSERS = [
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
    ("QIHU 360", "360 浏览器"),
    ("360SE", "360 浏览器"),
    ("360EE", "360 浏览器"),
    ("QQBrowser", "QQ 浏览器"),
    ("UCBrowser", "UC 浏览器"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]


def device_words(agent: str) -> str:
    """A User-Agent header as "Windows 电脑 · Chrome"; what is not known says so."""
    words = [next((word for mark, word in table if mark in agent), "") for table in (SYSTEMS, BROWSERS)]
    return " · ".join(filter(None, words)) or "未知设备"
