import { stopIfCancelled } from '../cancel.ts';
import { Accumulator } from './accumulator.ts';
import type { BuildContext } from './build-context.ts';
import { defaultConfig, mergeConfigs } from './fields/config.ts';
import type { Loader } from './files/loader.ts';
import { absorb } from './generators/absorb.ts';
import { loadConfigurations } from './kustomization/load-config.ts';
import { loadCrds } from './kustomization/load-crds.ts';
import { type LoadedKustomization, loadKustomization } from './kustomization/load-kustomization.ts';
import { parseYaml11 } from './kustomization/yaml11.ts';
import { readSwagger } from './openapi/swagger.ts';
import { ownGenerators, ownPasses, type Step } from './own-steps.ts';
import { declareVariables, mergeVariables } from './passes/variables.ts';
import { configuredGenerators, configuredPasses, runValidators } from './plugins/configured.ts';
import { Problem } from './problem.ts';
import { readObjects } from './resources/read-resources.ts';
import { Resource } from './resources/resource.ts';

/** One kustomization, its folder, and how it was reached. */
export interface Layer {
  readonly loader: Loader;
  readonly kustomization: LoadedKustomization;
  readonly context: BuildContext;
  /** The path from the root, when origins are tracked. */
  readonly path: string;
}

/** Everything that one kustomization says, from its resources to its variables, added to `accumulator`. */
export function kustomize(layer: Layer, accumulator: Accumulator): void {
  const { loader, kustomization, context } = layer;
  const { fields } = kustomization;
  const { resources } = accumulator;
  stopIfCancelled(context.flag);
  for (const path of fields.resources ?? []) addResource(layer, path, accumulator);
  accumulator.addConfig(mergeConfigs(defaultConfig, loadConfigurations(loader, fields.configurations ?? [])));
  accumulator.addConfig(loadCrds(loader, fields.crds ?? []));
  for (const { origin, generated } of [...ownGenerators(layer), ...configuredGenerators(layer)]) {
    for (const resource of generated) {
      if (context.tracksOrigins) resource.origin ??= origin;
      absorb(resources, resource);
    }
  }
  for (const path of fields.components ?? []) addComponent(layer, path, accumulator);
  const steps = [...ownPasses(layer, accumulator.config), ...configuredPasses(layer, fields.transformers ?? [])];
  for (const step of steps) run(step, layer, accumulator);
  runValidators(layer, fields.validators ?? [], accumulator);
  mergeVariables(accumulator.variables, declareVariables(resources, fields.vars ?? []));
}

function run({ pass, origin }: Step, { context }: Layer, { resources }: Accumulator): void {
  stopIfCancelled(context.flag);
  pass(resources);
  if (context.tracksOrigins && origin !== undefined) {
    for (const resource of resources.items) {
      // What has no origin was made by this very step.
      if (resource.origin === undefined) resource.origin = origin;
      else resource.transformations = [...resource.transformations, origin];
    }
  }
  resources.dropEmpty();
}

/** A file of objects, or the folder of another kustomization. */
export function addResource(layer: Layer, path: string, accumulator: Accumulator): void {
  if (layer.loader.isFile(path)) {
    accumulator.resources.appendAll(readFile(layer, path));
    return;
  }
  const below = enter(layer, path);
  if (below.kustomization.isComponent) {
    throw new Problem('configuration', `${below.loader.name('.')} is a component, not a resource`);
  }
  const own = new Accumulator();
  kustomize(below, own);
  accumulator.absorb(own);
}

function readFile({ loader, context, path: above }: Layer, path: string): readonly Resource[] {
  const name = loader.name(path);
  const { decrypted } = loader.load(path);
  return readObjects(loader.loadText(path), loader.room, name, 'reread').map(({ node, source }) => {
    const resource = new Resource(node, source, context.schemas, decrypted);
    if (context.tracksOrigins) resource.origin = { path: joined(above, path) };
    return resource;
  });
}

/** A component works on what is there, as if its steps were written here. */
function addComponent(layer: Layer, path: string, accumulator: Accumulator): void {
  const below = enter(layer, path);
  if (!below.kustomization.isComponent) {
    throw new Problem('configuration', `${below.loader.name('.')} is not a component`);
  }
  kustomize(below, accumulator);
  accumulator.resources.refuseConflicts();
}

function enter({ loader, context, path: above }: Layer, path: string): Layer {
  const below = loader.enter(path);
  const kustomization = loadKustomization(below);
  useSchemas(kustomization, below, context);
  return { loader: below, kustomization, context, path: joined(above, path) };
}

/** The schemas that a kustomization names count for the whole build. */
export function useSchemas({ fields }: LoadedKustomization, loader: Loader, { schemas }: BuildContext): void {
  const path = fields.openapi?.get('path');
  const document = path === undefined ? undefined : readSwagger(parseYaml11(loader.loadSettings(path), loader.room));
  schemas.use({ version: fields.openapi?.get('version'), document });
}

/** A path from the root's folder, in which `..` may come first. */
export function joined(above: string, path: string): string {
  const segments: string[] = [];
  for (const segment of `${above}/${path}`.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..' && segments.length > 0 && segments.at(-1) !== '..') segments.pop();
    else segments.push(segment);
  }
  return segments.join('/');
}
