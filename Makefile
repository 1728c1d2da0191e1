# 常用命令；make help 列出。
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help run setup demo-data packages dev-packages python test lint format bench clean
export PYTHONUTF8 := 1

PORT ?= 8000
export PORT
# A directory of published plans as .txt: make bench then tells how much of them the reader finds
PLANS ?= $(wildcard ../shared/seeds)
# The first Python on this machine that is new enough
PYTHON ?= $(firstword $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p; done))
MANAGE := .venv/bin/python manage.py

help: ## 列出这些命令
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 18

run: setup ## 安装、准备数据并启动系统（端口 8000，换端口：make run PORT=8080）
	@exec .venv/bin/python -m tcm_demo.serve

setup: packages ## 同上，但不启动
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_standard fixtures/standards/*.yaml
	@$(MAKE) --no-print-directory demo-data
	@$(MANAGE) refresh_static

demo-data: ## 演示区：每种角色一个账号、一年台账、进行到一半的填报（已有的不动）
	@$(MANAGE) make_demo

packages: python
	@$(PYTHON) scripts/check_machine.py run
	@$(PYTHON) scripts/set_up.py

dev-packages: python
	@$(PYTHON) scripts/set_up.py --dev

python:
	@test -n "$(PYTHON)" || { echo "缺少 Python 3.11 或更新的版本。安装请输入：sudo apt-get install -y python3 python3-venv"; exit 1; }

test: python ## 全部检查：写法、迁移、测试（SQLite，以及装有服务端时的 PostgreSQL）
	@$(PYTHON) scripts/check_machine.py test
	@$(PYTHON) scripts/set_up.py --dev
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@DJANGO_SETTINGS_MODULE=tests.settings $(MANAGE) makemigrations --check --dry-run
	.venv/bin/pytest -n auto --ignore=tests/browser
	.venv/bin/pytest tests/browser
	.venv/bin/python scripts/with_postgres.py .venv/bin/pytest -n auto --ignore=tests/browser

lint: dev-packages ## 只检查代码写法
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .

format: dev-packages ## 整理代码写法
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .

bench: dev-packages ## 测速：评分、页面、填报与审核、导入、PDF、迎检资料、几个标准；方案识别得多准
	@.venv/bin/python scripts/bench.py
	@.venv/bin/python scripts/bench_reporting.py
	@.venv/bin/python scripts/bench_import.py
	@.venv/bin/python scripts/bench_pdf.py
	@.venv/bin/python scripts/bench_binders.py 500
	@.venv/bin/python scripts/bench_standards.py
	@.venv/bin/python scripts/bench_plans.py $(PLANS)

clean: ## 删除安装的软件包（不动 var/ 里的数据）
	rm -rf .venv node_modules
