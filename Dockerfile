# The portal in a container: the same start as `make serve`. No secret is needed to build it, none stays in it.
FROM python:3.13-slim-trixie AS packages
COPY requirements.txt /
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r /requirements.txt

FROM python:3.13-slim-trixie
# pg_dump and pg_restore of `manage.py backup`; trixie's are of version 17, as the server of compose.yaml.
RUN apt-get update \
 && apt-get install -y --no-install-recommends postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin eios \
 && install -d -o eios -g eios /data /data/media /data/backups

COPY --from=packages /venv /venv
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    BIND=0.0.0.0:8000 \
    STATIC_ROOT=/srv/static \
    MEDIA_ROOT=/data/media \
    AUDIT_HEADS=/data/audit-heads.log

WORKDIR /app
COPY . .
# Settings want keys even for collecting files: these are made here, used once and forgotten.
RUN python -m compileall -q . \
 && env $(python -m eios.keys --production build.invalid) STATIC_COLLECTED=1 \
        python manage.py collectstatic --noinput --verbosity 0

USER eios
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-m", "eios.probe"]
STOPSIGNAL SIGTERM
CMD ["eios/bin/serve"]
