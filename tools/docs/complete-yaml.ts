import { loadAll } from 'js-yaml';
import { verbs } from '../../src/shared/api/schema/action.ts';
import { stage } from '../../src/shared/api/schema/stage.ts';
import { stageSetSpec } from '../../src/shared/api/schema/stage-set.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a snippet of YAML stands for. */
export type Meant =
  | { readonly is: 'object'; readonly object: Fields }
  | { readonly is: 'values'; readonly values: Fields }
  | { readonly is: 'unclear'; readonly document: unknown };

/** The documents of a snippet, each completed to an object where it is a part of one, or values of the chart. */
export function meantBy(text: string, namesOfValues: readonly string[]): readonly Meant[] {
  return loadAll(text).map((document) => {
    const object = completed(document);
    if (object !== undefined) return { is: 'object', object };
    return isFields(document) && hasOnly(document, namesOfValues)
      ? { is: 'values', values: document }
      : { is: 'unclear', document };
  });
}

function completed(document: unknown): Fields | undefined {
  if (Array.isArray(document)) return ofList(document as readonly Fields[]);
  if (!isFields(document)) return undefined;
  if ('apiVersion' in document && 'kind' in document) return document;
  if (isFields(document.spec) && Object.keys(document).length === 1) return completed(document.spec);
  if (hasOnly(document, Object.keys(stageSetSpec.fields))) return stageSet(document);
  if (hasOnly(document, Object.keys(stage.fields))) return ofStage(document);
  if (hasOnly(document, ['pre', 'post', 'onFailure'])) return ofStage({ actions: document });
  return undefined;
}

function ofList(items: readonly Fields[]): Fields | undefined {
  const has = (...names: readonly string[]) => items.every((item) => names.some((name) => name in item));
  if (has('sourceRef')) return stageSet({ stages: items });
  if (has(...Object.keys(verbs))) return ofStage({ actions: { pre: items } });
  if (has('apiGroups')) {
    return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'example' }, rules: items };
  }
  return undefined;
}

/** Every stage that the parts of a spec may name is there. */
function stageSet(spec: Fields): Fields {
  const stages = spec.stages ?? ['app', 'web'].map((name) => ({ name, sourceRef: { name } }));
  const version = 'migrations' in spec && !('version' in spec) ? { version: { value: '1.0.0' } } : {};
  return {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: { name: 'example' },
    spec: { ...version, ...spec, stages },
  };
}

function ofStage(fields: Fields): Fields {
  return stageSet({ stages: [{ name: 'app', sourceRef: { name: 'app' }, ...fields }] });
}

function hasOnly(document: Fields, names: readonly string[]): boolean {
  return Object.keys(document).every((name) => names.includes(name));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
