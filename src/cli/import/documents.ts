import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import { RuntimeError } from '../cli-error.ts';
import { warn } from '../tell.ts';
import { importApplication } from './application/import-application.ts';
import { type Imported, type ImportWishes, printedOf } from './imported.ts';
import { Input } from './input.ts';
import { hintFor, type ImportedKind, importedKinds, kindOf } from './kinds.ts';
import { importKustomization } from './kustomization/import-kustomization.ts';
import { named } from './named.ts';
import { mended, type Refusal, type Sifted } from './refusals.ts';

export interface DocumentWishes extends ImportWishes {
  /** Only these. */
  readonly kind: ImportedKind | undefined;
}

/** A StageSet of each document that is of a kind to import, one that cannot be is refused; every other is named. */
export function importDocuments(documents: readonly YamlMap[], wishes: DocumentWishes): Sifted {
  const { kind: only } = wishes;
  const wanted: readonly (string | undefined)[] = only === undefined ? importedKinds : [only];
  const chosen = documents.filter((each) => wanted.includes(kindOf(each)));
  const projects = documents.filter((each) => kindOf(each) === 'AppProject');
  if (chosen.length === 0) throw nothingIn(documents, only);
  for (const each of documents)
    if (kindOf(each) === undefined) warn(`${named(each)} is not imported: ${hintFor(each)}`);
  const imported: Imported[] = [];
  const refused: Refusal[] = [];
  for (const document of chosen) {
    try {
      imported.push(importDocument(document, projects, wishes));
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error;
      refused.push({ from: named(document), remedy: [error.message, mended] });
    }
  }
  const beside = documents.filter((each) => kindOf(each) === undefined).map(named);
  const there = new Set([...beside, ...imported.flatMap(sourcesTaken)]);
  return {
    imported: imported
      .map(notingWhoIsMissing)
      .map((each) => notingWhatIsThere(each, there))
      .map(notingWhoActs),
    refused,
  };
}

function importDocument(document: YamlMap, projects: readonly YamlMap[], wishes: DocumentWishes): Imported {
  const input = new Input(document);
  const imported =
    kindOf(document) === 'Application'
      ? importApplication(input, projects, wishes)
      : importKustomization(input, wishes);
  for (const field of input.unread()) {
    input.noteAt(field, ['this version of stagesetctl does not know it', 'see what it means and whether you need it']);
  }
  return { ...imported, from: named(document), notes: input.notes };
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

/** What lies beside it, or what a Kustomization takes, is somebody else's: applied, this one would be in its place. */
function notingWhatIsThere(each: Imported, there: ReadonlySet<string>): Imported {
  const added = printedOf(each)
    .map(named)
    .filter((name) => there.has(name))
    .map((field) => ({
      field,
      why: 'another one of this name is there already, and would be overwritten',
      instead: 'see that they are the same, or give this one another name, here and wherever it is named',
    }));
  return { ...each, notes: [...each.notes, ...added] };
}

/** Of sources that it does not bring along. */
function sourcesTaken({ set, sources }: Imported): readonly string[] {
  if (sources.length > 0) return [];
  const { namespace: own } = set.metadata;
  return set.spec.stages.map(({ sourceRef: { kind = '', name, namespace = own } }) =>
    named({ kind, metadata: { name, ...(namespace !== undefined && { namespace }) } }),
  );
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
