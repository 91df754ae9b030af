// Answers, for each case on standard input, what Flux's substitution makes of its object.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/fluxcd/pkg/kustomize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/provider"
)

type question struct {
	Object    json.RawMessage   `json:"object"`
	Variables map[string]string `json:"variables"`
}

type answer struct {
	// The text that is substituted.
	Text   string          `json:"text,omitempty"`
	Object json.RawMessage `json:"object,omitempty"`
	Error  string          `json:"error,omitempty"`
}

func main() {
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		log.Fatal(err)
	}
	answers := make([]answer, len(questions))
	for i, q := range questions {
		answers[i] = ask(q)
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answers); err != nil {
		log.Fatal(err)
	}
}

func ask(q question) (a answer) {
	defer func() {
		if r := recover(); r != nil {
			a.Error = fmt.Sprintf("panic: %v", r)
		}
	}()
	factory := provider.NewDefaultDepProvider().GetResourceFactory()
	res, err := factory.FromBytes(q.Object)
	if err != nil {
		return answer{Error: "no resource: " + err.Error()}
	}
	if text, err := res.AsYAML(); err == nil {
		a.Text = string(text)
	}
	variables := map[string]any{}
	for name, value := range q.Variables {
		variables[name] = value
	}
	kustomization := unstructured.Unstructured{Object: map[string]any{
		"spec": map[string]any{"postBuild": map[string]any{"substitute": variables}},
	}}
	out, err := kustomize.SubstituteVariables(context.Background(), nil, kustomization, res,
		kustomize.SubstituteWithStrict(true))
	if err != nil {
		a.Error = err.Error()
		return a
	}
	if out == nil { // substitution is disabled for this object
		a.Object = must(res.MarshalJSON())
		return a
	}
	a.Object = must(out.MarshalJSON())
	return a
}

func must(b []byte, err error) []byte {
	if err != nil {
		log.Fatal(err)
	}
	return b
}
