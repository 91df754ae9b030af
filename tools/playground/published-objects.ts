import { posix } from 'node:path';
import { loadAll } from 'js-yaml';
import type { StageSet } from '../../src/shared/api/types.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import type { Files } from '../publisher/archive.ts';
import type { PublishedObject } from '../show/news.ts';

/** What the stages of this StageSet will render of these files, as far as plain manifests go. */
export function publishedObjects({ spec }: StageSet, files: Files): readonly PublishedObject[] {
  return spec.stages.flatMap(({ name: stage, path = '' }) => {
    const folder = posix.join('/', path, '/');
    return Object.entries(files)
      .filter(([file]) => `/${file}`.startsWith(folder))
      .flatMap(([, content]) => objectsIn(content.toString()))
      .map(({ apiVersion, kind, metadata }) => ({ stage, apiVersion, kind, name: metadata.name }));
  });
}

/** None in a file that is no YAML: it is the controller's to say so. */
function objectsIn(text: string): readonly KubeObject[] {
  try {
    return (loadAll(text) as (Partial<KubeObject> | null)[]).filter(isObject);
  } catch {
    return [];
  }
}

function isObject(document: Partial<KubeObject> | null): document is KubeObject {
  return document?.kind !== undefined && document.metadata?.name !== undefined;
}
