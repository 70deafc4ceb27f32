"""rules-reloader: checks rule folders and tells servers to load them."""
