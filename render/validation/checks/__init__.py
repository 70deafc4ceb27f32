"""One module for each matter; each has its `CHECKS`, the codes that it can give, and `find`, which looks at a tree."""
