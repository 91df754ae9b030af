import { isMap, type YamlMap } from '../../shared/yaml/yaml-value.ts';
import { RuntimeError } from '../cli-error.ts';
import { warn } from '../tell.ts';
import { importApplication } from './application/import-application.ts';
import type { Imported, ImportWishes } from './imported.ts';
import { Input } from './input.ts';
import { hintFor, type ImportedKind, importedKinds, kindOf } from './kinds.ts';
import { importKustomization } from './kustomization/import-kustomization.ts';

export interface DocumentWishes extends ImportWishes {
  /** Only these. */
  readonly kind: ImportedKind | undefined;
}

/** A StageSet of each document that is of a kind to import; every other is named. */
export function importDocuments(documents: readonly YamlMap[], wishes: DocumentWishes): readonly Imported[] {
  const { kind: only } = wishes;
  const wanted: readonly (string | undefined)[] = only === undefined ? importedKinds : [only];
  const chosen = documents.filter((each) => wanted.includes(kindOf(each)));
  const projects = documents.filter((each) => kindOf(each) === 'AppProject');
  if (chosen.length === 0) throw nothingIn(documents, only);
  for (const each of documents)
    if (kindOf(each) === undefined) warn(`${named(each)} is not imported: ${hintFor(each)}`);
  return chosen
    .map((document) => importDocument(document, projects, wishes))
    .map(notingWhoIsMissing)
    .map(notingWhoActs);
}

function importDocument(document: YamlMap, projects: readonly YamlMap[], wishes: DocumentWishes): Imported {
  const from = named(document);
  const input = new Input(document);
  try {
    const imported =
      kindOf(document) === 'Application'
        ? importApplication(input, projects, wishes)
        : importKustomization(input, wishes);
    for (const field of input.unread()) {
      input.noteAt(field, [
        'this version of stagesetctl does not know it',
        'see what it means and whether you need it',
      ]);
    }
    return { ...imported, from, notes: input.notes };
  } catch (error) {
    if (error instanceof RuntimeError) throw new RuntimeError(`${from}: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Dependencies keep their names; so there has to be a StageSet of that name. */
function notingWhoIsMissing(imported: Imported, _index: number, all: readonly Imported[]): Imported {
  const { set, notes } = imported;
  const there = new Set(all.map((each) => `${each.set.metadata.namespace}/${each.set.metadata.name}`));
  const missing = (set.spec.dependsOn ?? []).filter(
    ({ namespace = set.metadata.namespace, name }) => !there.has(`${namespace}/${name}`),
  );
  const added = missing.map(({ name }) => ({
    field: `spec.dependsOn[${name}]`,
    why: 'StageSets wait for StageSets, and this one is not among those that were imported',
    instead: `import the Kustomization "${name}" too, or take it out`,
  }));
  return { ...imported, notes: [...notes, ...added] };
}

/** Flux and Argo CD act with rights of their own where no account is named. */
function notingWhoActs(imported: Imported): Imported {
  const { set, notes } = imported;
  if (set.spec.serviceAccountName !== undefined || set.spec.kubeConfig !== undefined) return imported;
  const added = {
    field: 'spec.serviceAccountName',
    why: 'without one it is the controller that applies, which may write nothing unless it is installed with rbac.clusterAdmin',
    instead: 'name a ServiceAccount with the rights that the manifests need',
  };
  return { ...imported, notes: [...notes, added] };
}

function nothingIn(documents: readonly YamlMap[], only: ImportedKind | undefined): RuntimeError {
  const wanted = only ?? importedKinds.join(' or ');
  if (documents.length === 0) return new RuntimeError(`there is no ${wanted} in it: it is empty`);
  const found = documents.map((each) => `${named(each)} (${hintFor(each)})`);
  return new RuntimeError(`there is no ${wanted} in it, but ${found.slice(0, 5).join(', ')}`);
}

/** `Kustomization apps/web` */
function named({ kind, metadata }: YamlMap): string {
  const { namespace, name } = isMap(metadata) ? metadata : {};
  const place = typeof namespace === 'string' ? `${namespace}/` : '';
  return `${typeof kind === 'string' ? kind : 'an object without kind'} ${place}${typeof name === 'string' ? name : ''}`;
}
