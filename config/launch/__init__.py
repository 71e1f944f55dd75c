"""The local PostgreSQL: where its programs come from, how it is started, shared and stopped.

Used only where no ``DATABASE_URL`` says otherwise (docs/architecture.md, decision 1). Standard
library and psycopg2 only: ``manage.py`` needs it before Django knows its settings.
"""
