// Answers, for each object and its expressions on standard input, what Flux makes of it.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/fluxcd/pkg/apis/kustomize"
	"github.com/fluxcd/pkg/runtime/cel"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type question struct {
	Object json.RawMessage                  `json:"object"`
	Exprs  kustomize.HealthCheckExpressions `json:"exprs"`
}

type answer struct {
	Status string `json:"status,omitempty"`
	// That it is refused, and that it errs: the words are not for comparison.
	Refused bool `json:"refused,omitempty"`
	Error   bool `json:"error,omitempty"`
}

func main() {
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		log.Fatal(err)
	}
	answers := make([]answer, len(questions))
	for i, asked := range questions {
		answers[i] = ask(asked)
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		log.Fatal(err)
	}
}

func ask(asked question) answer {
	object := &unstructured.Unstructured{}
	if err := object.UnmarshalJSON(asked.Object); err != nil {
		log.Fatalf("%s: %v", asked.Object, err)
	}
	evaluator, err := cel.NewStatusEvaluator(&asked.Exprs)
	if err != nil {
		return answer{Refused: true}
	}
	result, err := evaluator.Evaluate(context.Background(), object)
	if err != nil {
		return answer{Error: true}
	}
	return answer{Status: string(result.Status)}
}
