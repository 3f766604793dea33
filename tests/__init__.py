"""The specification, a sentence each; `python tests/run.py` runs it all."""
