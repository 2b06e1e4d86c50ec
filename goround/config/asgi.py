"""The web application a server such as uvicorn runs."""

import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "goround.config.settings")

# Static files are a few small ones: that WhiteNoise reads each whole before sending is fine.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")

application = get_asgi_application()
