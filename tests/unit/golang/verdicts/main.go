// Command verdicts asks Go's standard library about the rows on its standard input and writes what it says to standard output.
//
// The input is an object of lists by kind; the output has, for each kind, the answers in the order of the rows. An answer is
// null when the library refuses the row, otherwise what it makes of it, or true.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/url"
	"os"
	"regexp"
	"regexp/syntax"
	"strconv"
	"text/template"
	"time"
)

type rows struct {
	Regex     []string    `json:"regex"`
	URL       []string    `json:"url"`
	HTTPURL   []string    `json:"http_url"`
	Duration  []string    `json:"go_duration"`
	Template  []string    `json:"template"`
	Functions []string    `json:"functions"`
	Quote     []string    `json:"quote"`
	CA        []string    `json:"ca"`
	Pair      [][2]string `json:"pair"`
}

const scope = "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}"

func all[T any](list []T, ask func(T) any) []any {
	answers := make([]any, 0, len(list))
	for _, row := range list {
		answers = append(answers, ask(row))
	}
	return answers
}

func yes(err error) any {
	if err != nil {
		return nil
	}
	return true
}

// askRegex tells whether the expression matches the empty text. Prometheus parses it first and anchors what came of it.
func askRegex(text string) any {
	parsed, err := syntax.Parse(text, syntax.Perl|syntax.DotNL)
	if err != nil {
		return nil
	}
	return regexp.MustCompile("^(?s:" + parsed.String() + ")$").MatchString("")
}

// askURL gives the scheme and whether there is a host.
func askURL(text string) any {
	u, err := url.Parse(text)
	if err != nil {
		return nil
	}
	return []any{u.Scheme, u.Host != ""}
}

// askHTTPURL reads the text within the quotes of a JSON string and wants http or https and a host.
func askHTTPURL(text string) any {
	var value string
	if err := json.Unmarshal([]byte(`"`+text+`"`), &value); err != nil {
		return nil
	}
	u, err := url.Parse(value)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil
	}
	return true
}

func askDuration(text string) any {
	d, err := time.ParseDuration(text)
	if err != nil {
		return nil
	}
	return d.Nanoseconds()
}

func askCA(text string) any {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil
	}
	_, err := x509.ParseCertificate(block.Bytes)
	return yes(err)
}

func askPair(pair [2]string) any {
	_, err := tls.X509KeyPair([]byte(pair[0]), []byte(pair[1]))
	return yes(err)
}

func main() {
	var in rows
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		panic(err)
	}
	functions := template.FuncMap{}
	for _, name := range in.Functions {
		functions[name] = func() string { return "" }
	}
	askTemplate := func(text string) any {
		_, err := template.New("row").Funcs(functions).Parse(scope + text)
		return yes(err)
	}
	out := map[string]any{
		"regex":       all(in.Regex, askRegex),
		"url":         all(in.URL, askURL),
		"http_url":    all(in.HTTPURL, askHTTPURL),
		"go_duration": all(in.Duration, askDuration),
		"template":    all(in.Template, askTemplate),
		"quote":       all(in.Quote, func(text string) any { return strconv.Quote(text) }),
		"ca":          all(in.CA, askCA),
		"pair":        all(in.Pair, askPair),
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		panic(err)
	}
}
