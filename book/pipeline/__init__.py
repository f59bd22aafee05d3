"""From source to site: each chapter is run once by nbval, then rendered by Jupyter Book.

``python -m book.pipeline --help`` lists the commands; the Makefile calls them.
Everything made lies in ``_build`` and can be thrown away at any time:

====================  =======================================================================
``_build/execute``    notebooks handed to nbval, without outputs (removed after the run)
``_build/executed``   notebooks that passed, with the key that says what they were run from
``_build/notebooks``  today's text with those outputs: what pages, downloads and claims read
``_build/html``       the site
====================  =======================================================================
"""
