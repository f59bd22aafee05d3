# Needs Python 3.11 or newer and make; everything else is installed into .venv when needed.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
export VENV SOLUTIONS

run = $(VENV)/bin/python -m
install = @command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) on this machine; the course needs Python 3.11 or newer."; exit 1; }; $(PYTHON) book/pipeline/install.py

.DEFAULT_GOAL := help
.PHONY: help book test elsewhere serve lab lint bench report lock clean

help:  ## show this list
	@echo "Deep Learning: Notes That Run"
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | \
	  while IFS='|' read -r name words; do printf '%-18s%s\n' "$$name" "$$words"; done
	@echo
	@echo "PYTHON=... names another Python, PORT=... another port for make serve."

book:  ## run what changed, build the site into _build/html (SOLUTIONS=no: for a class)
	$(install) book
	@$(run) book.pipeline build

test:  ## build the book, check the style, test what has changed (ALL=1: everything anew)
	$(install) test
	@$(run) book.pipeline build
	@echo "Checking style and layers ..."
	@$(run) ruff check .
	@$(VENV)/bin/lint-imports --no-logo
	@echo "Running the tests ..."
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(run) pytest tests -n 2 --dist loadscope --durations 10 \
	  -p tests.proofs --proofs _build/proofs.json $(if $(ALL),--anew)

serve: book  ## build the book and show it on http://localhost:8000
	@$(run) book.pipeline serve --port $(PORT)

lab:  ## open JupyterLab, where every chapter is a notebook
	$(install) lab
	@$(run) book.pipeline lab

lint:  ## check style, docstrings and the layers of the package
	$(install) test
	@$(run) ruff check .
	@$(VENV)/bin/lint-imports --no-logo

bench:  ## measure speed and memory against PyTorch
	$(install) test
	@$(run) pytest tests/benchmarks -q -s --override-ini "python_files=bench_*.py test_*.py"

elsewhere:  ## run chapters as other machines would (CHAPTERS=... names some, MACHINES=... too)
	$(install) book
	@$(run) book.pipeline elsewhere $(CHAPTERS) --machines "$(MACHINES)"

report:  ## print size, figures, exercises, seconds and memory of each chapter
	$(install) book
	@$(run) book.pipeline report

lock:  ## make constraints.txt anew from pyproject.toml (make lock UPGRADE=1 takes newer versions)
	@$(PYTHON) book/pipeline/lock.py $(if $(UPGRADE),--upgrade)

clean:  ## remove everything that was built, but not .venv
	rm -rf _build
