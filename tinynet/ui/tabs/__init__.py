"""The tabs, and what stands in each: Watch, Look inside, Compare, Code."""
