// Calls a plugin server as Argo CD's repo server does, with the repo server's own packages.
//
//	argocd-cmp-client CALL SOCKET REPOSITORY APPLICATION TIMEOUT [NAME=VALUE...]
//
// CALL is match, generate or parameters; APPLICATION is a folder below REPOSITORY, which is sent as a whole. The answer
// is printed as JSON. An error is printed on standard error and ends the program with status 1.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v3/common"
	"github.com/argoproj/argo-cd/v3/util/cmp"
)

// What every call's stream does: send the repository, then wait for the answer.
type stream[Answer any] interface {
	cmp.StreamSender
	CloseAndRecv() (Answer, error)
}

type request struct {
	repository, application string
	environment             []string
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		fmt.Println(common.GetVersion().Version)
		return
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) < 5 {
		return fmt.Errorf("give CALL SOCKET REPOSITORY APPLICATION TIMEOUT")
	}
	timeout, err := time.ParseDuration(arguments[4])
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	closer, client, err := apiclient.NewConfigManagementPluginClientSet(arguments[1]).NewConfigManagementPluginClient()
	if err != nil {
		return err
	}
	defer closer.Close()
	asked := request{arguments[2], filepath.Join(arguments[2], arguments[3]), arguments[5:]}
	switch arguments[0] {
	case "match":
		opened, err := client.MatchRepository(ctx)
		return answer(ctx, asked, opened, err)
	case "generate":
		opened, err := client.GenerateManifest(ctx)
		return answer(ctx, asked, opened, err)
	case "parameters":
		opened, err := client.GetParametersAnnouncement(ctx)
		return answer(ctx, asked, opened, err)
	}
	return fmt.Errorf("there is no call %s", arguments[0])
}

func answer[Answer any](ctx context.Context, asked request, opened stream[Answer], err error) error {
	if err != nil {
		return err
	}
	err = cmp.SendRepoStream(ctx, asked.application, asked.repository, opened, asked.environment, []string{".git"})
	if err != nil {
		return err
	}
	received, err := opened.CloseAndRecv()
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(received)
}
