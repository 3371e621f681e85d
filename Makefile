# Commands of the project; `make` alone lists them. Variables: PORT, PYTHON (which one makes .venv), DATABASE_URL.
.DEFAULT_GOAL := help
.PHONY: help venv install run serve test bench bench-video proof
MAKEFLAGS += --no-print-directory

PORT ?= 8000
VENV := .venv/bin/python
export PYTHONUTF8 := 1

help: ## этот список
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

venv:
	@eios/bin/install requirements.txt
	@mkdir -p var/static

install: venv ## пакеты, ключи и пустая база: всё, что нужно перед «manage.py setup»
	@$(VENV) -m eios.keys
	@$(VENV) manage.py migrate --noinput --verbosity 0

run: export BIND := 127.0.0.1:$(PORT)
run: export PORTAL_URL ?= http://localhost:$(PORT)
run: venv ## показать портал с демонстрационной школой: http://localhost:8000 (другой порт: PORT=8123)
	@$(VENV) -m eios.keys
	@$(VENV) -m eios.gunicorn
	@$(VENV) manage.py migrate --noinput --verbosity 0
	@$(VENV) manage.py demo --if-empty
	@exec $(VENV) -m gunicorn -c eios/gunicorn.py

serve: venv ## рабочий сервер: база из DATABASE_URL, адрес из BIND
	@STATIC_COLLECTED=1 $(VENV) manage.py collectstatic --noinput --verbosity 0
	@eios/bin/serve

test: ## всё, что должно проходить: линтеры, миграции, тесты на SQLite и PostgreSQL, браузер
	@eios/bin/install requirements.txt requirements-test.txt
	@$(VENV) -m tests.run

bench: ## замеры рядом с наименьшим приложением Django (CHECK=1 — с порогами)
	@eios/bin/install requirements.txt requirements-test.txt
	@$(VENV) -m tests.bench

bench-video: ## сто человек перематывают видео за nginx, пятьдесят читают курс (нужен nginx)
	@eios/bin/install requirements.txt requirements-test.txt
	@$(VENV) -m tests.bench.video

proof: ## долгие проверки: сотни обрывов, полные обходы
	@eios/bin/install requirements.txt requirements-test.txt
	@$(VENV) -m tests.run --proof
