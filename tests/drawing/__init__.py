"""The drawn network of the article, at a state in the middle of a run."""
