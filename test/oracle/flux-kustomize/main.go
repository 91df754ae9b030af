// Builds folders as Flux's kustomize-controller does and prints what comes out, a case each.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/fluxcd/pkg/kustomize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type question struct {
	Files map[string]string `json:"files"`
	Path  string            `json:"path"`
}

type answer struct {
	YAML  string `json:"yaml,omitempty"`
	Error string `json:"error,omitempty"`
}

func main() {
	var questions []question
	must(json.NewDecoder(os.Stdin).Decode(&questions))
	answers := make([]answer, len(questions))
	for i, each := range questions {
		text, err := build(each)
		if err != nil {
			answers[i].Error = err.Error()
		} else {
			answers[i].YAML = text
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(answers))
}

func build(each question) (string, error) {
	root, err := os.MkdirTemp("", "flux-case-")
	must(err)
	defer os.RemoveAll(root)
	for name, text := range each.Files {
		path := filepath.Join(root, name)
		must(os.MkdirAll(filepath.Dir(path), 0o755))
		bytes := []byte(text)
		if encoded, isBinary := strings.CutPrefix(text, "base64:"); isBinary {
			bytes, err = base64.StdEncoding.DecodeString(encoded)
			must(err)
		}
		must(os.WriteFile(path, bytes, 0o644))
	}
	folder := filepath.Join(root, each.Path)
	generator := kustomize.NewGenerator(root, unstructured.Unstructured{Object: map[string]any{}})
	if _, err := generator.WriteFile(folder); err != nil {
		return "", err
	}
	objects, err := kustomize.SecureBuild(root, folder, false)
	if err != nil {
		return "", err
	}
	text, err := objects.AsYaml()
	return string(text), err
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
