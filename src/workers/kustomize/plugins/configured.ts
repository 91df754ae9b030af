import { quoted } from '../../quoted.ts';
import { Accumulator } from '../accumulator.ts';
import { addResource, joined, type Layer } from '../kustomize.ts';
import { yamlValueOf } from '../nodes/finish.ts';
import { goJson } from '../nodes/go-json.ts';
import { copyMap, isMap, type NodeMap } from '../nodes/node.ts';
import type { Generation, Step } from '../own-steps.ts';
import { Problem, placed } from '../problem.ts';
import { describeId } from '../resources/ids.ts';
import type { Origin } from '../resources/origin.ts';
import { readObjects } from '../resources/read-resources.ts';
import { Resource } from '../resources/resource.ts';
import { builtInGenerator, builtInPass } from './built-in.ts';

/** The objects under `generators`, each of which configures a generator of its kind. */
export function configuredGenerators(layer: Layer): readonly Generation[] {
  return readConfigs(layer, layer.kustomization.fields.generators ?? []).map((config) => ({
    generated: atConfig(config, () => builtInGenerator(config.kind, yamlValueOf(config.node), layer)),
    origin: pluginOrigin(config),
  }));
}

/** The objects under `transformers`, each of which configures a pass of its kind. */
export function configuredPasses(layer: Layer, entries: readonly string[]): readonly Step[] {
  return readConfigs(layer, entries).map((config) => ({
    pass: atConfig(config, () => builtInPass(config.kind, yamlValueOf(config.node), layer)),
    origin: pluginOrigin(config),
  }));
}

/** Passes that must not change anything, but for a label that says they ran. */
export function runValidators(layer: Layer, entries: readonly string[], { resources }: Accumulator): void {
  for (const { pass } of configuredPasses(layer, entries)) {
    const before = resources.items.map(({ node }) => goJson(node));
    pass(resources);
    const after = resources.items.map((resource) => goJson(withoutValidatedBy(resource.node)));
    if (before.length !== after.length || before.some((text, index) => text !== after[index])) {
      throw new Problem('configuration', 'a validator changes objects');
    }
  }
}

const VALIDATED_BY = 'validated-by';

function withoutValidatedBy(node: NodeMap): NodeMap {
  const { metadata } = node;
  if (!isMap(metadata) || !isMap(metadata.labels) || metadata.labels[VALIDATED_BY] === undefined) return node;
  const copy = copyMap(node);
  const labels = (copy.metadata as NodeMap).labels as NodeMap;
  delete labels[VALIDATED_BY];
  if (Object.keys(labels).length === 0) delete (copy.metadata as NodeMap).labels;
  return copy;
}

function atConfig<T>(config: Resource, work: () => T): T {
  return placed(`${describeId(config.id)} in ${config.source}`, work);
}

/** Each entry is an object as text, or the path of a file or kustomization of them. */
function readConfigs(layer: Layer, entries: readonly string[]): readonly Resource[] {
  const accumulator = new Accumulator();
  const paths: string[] = [];
  for (const entry of entries) {
    const inline = inlineConfigs(layer, entry);
    if (inline === undefined) paths.push(entry);
    else accumulator.resources.appendAll(inline);
  }
  for (const path of paths) addResource(layer, path, accumulator);
  for (const config of accumulator.resources.items) {
    refuseFunction(config);
    layer.loader.mayBeSteeredBy(config.sensitive);
  }
  return accumulator.resources.items;
}

function inlineConfigs(
  { loader, context, kustomization, path }: Layer,
  entry: string,
): readonly Resource[] | undefined {
  try {
    return readObjects(entry, loader.room, 'the entry', 'reread').map(({ node }) => {
      const config = new Resource(node, loader.name(kustomization.fileName), context.schemas);
      if (context.tracksOrigins) config.origin = { path: joined(path, kustomization.fileName) };
      return config;
    });
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** Everything but kustomize's own would have to be run as a program or container. */
function refuseFunction(config: Resource): void {
  if (config.apiVersion === 'builtin') return;
  throw new Problem('refused', `${quoted(config.kind)} in ${config.source}: only built-in plugins are run`);
}

function pluginOrigin(config: Resource): Origin | undefined {
  const { origin, apiVersion, kind, name, namespace } = config;
  if (origin === undefined) return undefined;
  return { configuredIn: origin.path ?? '', configuredBy: { apiVersion, kind, name, namespace } };
}
