"""The program that a server runs."""

import os

from django.core.signals import request_started
from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created

from sarana.ground.walls import postgres, sqlite

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sarana.config.web.settings")
application = get_wsgi_application()
connection_created.disconnect(postgres.by_hand)
connection_created.connect(sqlite.shut)
connection_created.connect(sqlite.remember_file)
request_started.connect(sqlite.leave_what_went)
