// Reads the tables by which kustomize works out of its own modules and prints them as JSON:
// its field specs, and of its OpenAPI document what decides merges and scopes.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"k8s.io/kube-openapi/pkg/validation/spec"
	// Imported for its version alone: its field specs lie in an internal package, which is read as source.
	_ "sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/kyaml/openapi"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
	"sigs.k8s.io/yaml"
)

type tables struct {
	FieldSpecs    map[string]any    `json:"fieldSpecs"`
	ClusterScoped []string          `json:"clusterScoped"`
	Kinds         map[string]string `json:"kinds"`
	Definitions   map[string]any    `json:"definitions"`
}

func main() {
	definitions := openapi.Schema().Definitions
	result := tables{
		FieldSpecs:    fieldSpecs(),
		ClusterScoped: clusterScoped(definitions),
		Kinds:         map[string]string{},
		Definitions:   map[string]any{},
	}
	for name, definition := range definitions {
		result.Definitions[name] = compact(&definition)
		for _, kind := range kindsOf(&definition) {
			result.Kinds[kind.APIVersion+" "+kind.Kind] = name
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	must(encoder.Encode(result))
}

// compact keeps of a schema which fields it has and how its lists merge: 0 for nothing of that, a name for a reference,
// {"p": fields, "a": any other field}, or {"i": items, "m": merge keys}.
func compact(schema *spec.Schema) any {
	if ref := schema.Ref.String(); ref != "" {
		return strings.TrimPrefix(ref, "#/definitions/")
	}
	if len(schema.Type) == 1 && schema.Type[0] == "array" {
		list := map[string]any{}
		if schema.Items != nil && schema.Items.Schema != nil {
			list["i"] = compact(schema.Items.Schema)
		}
		resource := openapi.ResourceSchema{Schema: schema}
		if strategy, keys := resource.PatchStrategyAndKeyList(); hasMerge(strategy) {
			list["m"] = keys
		}
		return list
	}
	object := map[string]any{}
	if len(schema.Properties) > 0 {
		fields := map[string]any{}
		for name, property := range schema.Properties {
			fields[name] = compact(&property)
		}
		object["p"] = fields
	}
	if schema.AdditionalProperties != nil && schema.AdditionalProperties.Schema != nil {
		object["a"] = compact(schema.AdditionalProperties.Schema)
	}
	if len(object) == 0 {
		return 0
	}
	return object
}

func hasMerge(strategy string) bool {
	for _, part := range strings.Split(strategy, ",") {
		if part == "merge" {
			return true
		}
	}
	return false
}

func kindsOf(definition *spec.Schema) []kyaml.TypeMeta {
	var kinds []kyaml.TypeMeta
	listed, _ := definition.Extensions["x-kubernetes-group-version-kind"].([]any)
	for _, entry := range listed {
		kind := entry.(map[string]any)
		apiVersion := kind["version"].(string)
		if group, _ := kind["group"].(string); group != "" {
			apiVersion = group + "/" + apiVersion
		}
		kinds = append(kinds, kyaml.TypeMeta{APIVersion: apiVersion, Kind: kind["kind"].(string)})
	}
	return kinds
}

// clusterScoped asks kustomize about every API version with every kind that the document or kustomize's own list names:
// the list is not exported, but its strings are in the source.
func clusterScoped(definitions spec.Definitions) []string {
	versions, kinds := map[string]bool{}, map[string]bool{}
	for _, definition := range definitions {
		for _, kind := range kindsOf(&definition) {
			versions[kind.APIVersion], kinds[kind.Kind] = true, true
		}
	}
	source := filepath.Join(moduleDir("sigs.k8s.io/kustomize/kyaml"), "openapi", "openapi.go")
	file, err := parser.ParseFile(token.NewFileSet(), source, nil, 0)
	must(err)
	ast.Inspect(file, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			text, err := strconv.Unquote(literal.Value)
			must(err)
			versions[text], kinds[text] = true, true
		}
		return true
	})
	var found []string
	for version := range versions {
		for kind := range kinds {
			if openapi.IsCertainlyClusterScoped(kyaml.TypeMeta{APIVersion: version, Kind: kind}) {
				found = append(found, version+" "+kind)
			}
		}
	}
	sort.Strings(found)
	return found
}

func fieldSpecs() map[string]any {
	dir := filepath.Join(moduleDir("sigs.k8s.io/kustomize/api"), "internal", "konfig", "builtinpluginconsts")
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	must(err)
	files := token.NewFileSet()
	var parsed []*ast.File
	for _, path := range paths {
		file, err := parser.ParseFile(files, path, nil, 0)
		must(err)
		parsed = append(parsed, file)
	}
	config := types.Config{Importer: importer.ForCompiler(files, "source", nil)}
	checked, err := config.Check("builtinpluginconsts", files, parsed, nil)
	must(err)
	result := map[string]any{}
	for _, name := range checked.Scope().Names() {
		text, isConst := checked.Scope().Lookup(name).(*types.Const)
		if !isConst {
			continue
		}
		table := map[string]any{}
		// Some constants are only parts of others and no table by themselves.
		if yaml.Unmarshal([]byte(constant.StringVal(text.Val())), &table) == nil {
			for key, value := range table {
				result[key] = value
			}
		}
	}
	return result
}

func moduleDir(module string) string {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	must(err)
	return strings.TrimSpace(string(out))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
