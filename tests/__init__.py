"""The specification, one test per sentence; `python tests/run.py` runs all tests."""
