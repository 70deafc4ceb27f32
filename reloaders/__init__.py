"""The daemons that run beside a server and reload it when mounted files change: light, nothing of `render` in them."""
