"""The web application a server such as uvicorn runs."""

import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goround.config.settings")

# Static files are a few small ones: that WhiteNoise reads each whole before sending is fine.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")

_pages = get_asgi_application()

# After Django is ready: these read its settings.
from django.conf import settings  # noqa: E402

from goround.config.overload import Overload  # noqa: E402
from goround.web.refusal import come_back  # noqa: E402

application = Overload(
    _pages,  # type: ignore[arg-type]  # the same callable, described in other words
    come_back,
    at_once=settings.REQUESTS_AT_ONCE,
    waiting=4 * settings.REQUESTS_AT_ONCE,
    reserve=4 * settings.REQUESTS_AT_ONCE,
)
