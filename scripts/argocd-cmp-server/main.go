// The plugin server of Argo CD, alone: in the published program it is one of many.
package main

import (
	"os"

	"github.com/argoproj/argo-cd/v3/cmd/argocd-cmp-server/commands"
	"github.com/argoproj/argo-cd/v3/common"
)

func main() {
	server := commands.NewCommand()
	server.Version = common.GetVersion().Version
	if server.Execute() != nil {
		os.Exit(1)
	}
}
