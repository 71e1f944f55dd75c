"""What a web server (gunicorn, waitress) calls."""

import os

from django.core.wsgi import get_wsgi_application

import config.celery  # noqa: F401 - jobs are handed to this application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
