// Reads texts, one JSON string of base64 on each line of standard input, as Kubernetes does in its strict mode, and prints the
// value of each as JSON, or "refused".
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"strings"

	"sigs.k8s.io/yaml"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		text, err := base64.StdEncoding.DecodeString(strings.Trim(lines.Text(), `"`))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		value, err := yaml.YAMLToJSONStrict(text)
		if err != nil {
			fmt.Println("refused")
			continue
		}
		fmt.Println(string(value))
	}
}
