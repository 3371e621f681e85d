"""The WSGI application of the portal."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eios.settings")
application = get_wsgi_application()
# Workers are forked from this process: views loaded here, and not at a first request, are shared by all of them.
import_module(settings.ROOT_URLCONF)
