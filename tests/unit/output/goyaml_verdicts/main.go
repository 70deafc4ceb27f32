// Writes JSON values, one on each line of standard input, as YAML, and prints the texts as JSON strings.
//
//	ordered     gopkg.in/yaml.v2, mappings in the order of the input
//	kubernetes  sigs.k8s.io/yaml
//	flow        gopkg.in/yaml.v2, a list that a struct's tag asks to write in brackets
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	goyaml "gopkg.in/yaml.v2"
	kubernetes "sigs.k8s.io/yaml"
)

// ordered reads the next value with its mappings as slices, which keep their order.
func ordered(decoder *json.Decoder) any {
	token, err := decoder.Token()
	check(err)
	switch value := token.(type) {
	case json.Delim:
		if value == '[' {
			list := []any{}
			for decoder.More() {
				list = append(list, ordered(decoder))
			}
			closing(decoder)
			return list
		}
		mapping := goyaml.MapSlice{}
		for decoder.More() {
			key := ordered(decoder)
			mapping = append(mapping, goyaml.MapItem{Key: key, Value: ordered(decoder)})
		}
		closing(decoder)
		return mapping
	case json.Number:
		if whole, err := value.Int64(); err == nil {
			return whole
		}
		real, err := value.Float64()
		check(err)
		return real
	}
	return token
}

func closing(decoder *json.Decoder) {
	_, err := decoder.Token()
	check(err)
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(mode, line string) ([]byte, error) {
	if mode == "ordered" {
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.UseNumber()
		return goyaml.Marshal(ordered(decoder))
	}
	var value any
	check(json.Unmarshal([]byte(line), &value))
	if mode == "kubernetes" {
		return kubernetes.Marshal(value)
	}
	list := struct {
		List any `yaml:"list,flow"`
	}{value}
	return goyaml.Marshal(list)
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		text, err := write(os.Args[1], lines.Text())
		check(err)
		verdict, err := json.Marshal(string(text))
		check(err)
		fmt.Println(string(verdict))
	}
	check(lines.Err())
}
