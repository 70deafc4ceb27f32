"""dashboard-reloader: writes what labelled ConfigMaps and Secrets hold into a folder and tells Grafana."""
