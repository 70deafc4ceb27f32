#!/bin/sh
# Validates and renders a tree into a folder: render.sh TREE OUT. Any error ends it with a status that is not 0.
set -eu
promrender validate "$1"
# Flux would replace ${...} in plain text (rules, for example) where a Kustomization uses postBuild: the annotation says
# no. Base64 needs none, but one flag for all is simpler.
promrender render --annotations kustomize.toolkit.fluxcd.io/substitute=disabled --output-dir "$2" "$1"
