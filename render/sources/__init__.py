"""Where documents come from: files, standard input; YAML as Kubernetes reads it."""
