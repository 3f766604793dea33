"""The tabs: views of one run."""
