import { loadAll } from 'js-yaml';
import type { StageSet } from '../../src/shared/api/types.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import type { Files } from '../publisher/archive.ts';
import type { PublishedObject } from '../show/news.ts';

/** What the stages of this StageSet will render of these files, as far as plain manifests go. */
export function publishedObjects({ spec }: StageSet, files: Files): readonly PublishedObject[] {
  return spec.stages.flatMap(({ name: stage, path = './' }) =>
    Object.entries(files)
      .filter(([file]) => `./${file}`.startsWith(`${path.replace(/\/$/, '')}/`))
      .flatMap(([, content]) => loadAll(content.toString()) as KubeObject[])
      .map(({ apiVersion, kind, metadata }) => ({ stage, apiVersion, kind, name: metadata.name })),
  );
}
