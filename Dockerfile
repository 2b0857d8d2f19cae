# syntax=docker/dockerfile:1
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir uv
COPY requirements.txt .
# The wheels of the embedded servers are pinned beside the rest and stay unused here.
RUN /venv/bin/uv pip install --no-cache --python /venv/bin/python --require-hashes -r requirements.txt
COPY . .
# Any value will do to collect the static files; none of these reaches the image's environment.
RUN DJANGO_SETTINGS_MODULE=alignment.settings.production SECRET_KEY=build ALLOWED_HOSTS=build \
    DATABASE_URL=postgresql://build@build/build REDIS_URL=redis://build:6379/0 \
    /venv/bin/python manage.py collectstatic --noinput

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin baton
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=alignment.settings.production DEMO=0
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
USER baton
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["python", "-c", "\
import os; from urllib.request import Request, urlopen; \
host = os.environ['ALLOWED_HOSTS'].split(',')[0].strip().lstrip('.'); \
urlopen(Request('http://127.0.0.1:8000/health/ready', headers={'Host': host}), timeout=4)"]
CMD ["gunicorn", "alignment.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "8", "--graceful-timeout", "20", "--no-control-socket", \
     "--worker-tmp-dir", "/dev/shm"]
