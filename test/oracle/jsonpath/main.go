// Answers, for each template and object on standard input, what kubectl's JSONPath makes of them.
package main

import (
	"bytes"
	"encoding/json"
	"log"
	"os"

	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/client-go/util/jsonpath"
)

type question struct {
	Path   string          `json:"path"`
	Object json.RawMessage `json:"object"`
}

type answer struct {
	Text  *string `json:"text,omitempty"`
	Error string  `json:"error,omitempty"`
}

func main() {
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		log.Fatal(err)
	}
	answers := make([]answer, len(questions))
	for i, asked := range questions {
		text, err := ask(asked)
		if err != nil {
			answers[i] = answer{Error: err.Error()}
		} else {
			answers[i] = answer{Text: &text}
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		log.Fatal(err)
	}
}

func ask(asked question) (string, error) {
	var object any
	// As kubectl reads objects: whole numbers stay whole.
	if err := utiljson.Unmarshal(asked.Object, &object); err != nil {
		log.Fatalf("%s: %v", asked.Object, err)
	}
	path := jsonpath.New("")
	if err := path.Parse(asked.Path); err != nil {
		return "", err
	}
	var text bytes.Buffer
	err := path.Execute(&text, object)
	return text.String(), err
}
