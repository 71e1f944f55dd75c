"""What a web server (gunicorn, waitress) calls."""

import os

from django.core.wsgi import get_wsgi_application

import config.celery  # noqa: F401 - jobs are handed to this application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from tenancy.startup import refuse_open_walls  # noqa: E402 - the settings must be there first

# Not to be switched off: on an unfit database nothing is served at all.
refuse_open_walls()
