"""The page on one row's arithmetic, and the values of the article's loop."""
