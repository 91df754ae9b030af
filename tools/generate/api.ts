import { dump } from 'js-yaml';
import {
  crdName,
  customResourceDefinition,
  type Kind,
  stageInventoryKind,
  stageSetKind,
} from '../../src/shared/api/crd.ts';
import { GROUP } from '../../src/shared/api/group.ts';
import { apiReference } from './api-reference.ts';

/** The CRDs and the reference page, by path from the repository's root. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const crds = [stageSetKind, stageInventoryKind].map((kind) => [crdPath(kind), crdYaml(kind)] as const);
  return new Map([...crds, ['docs/reference/api.md', apiReference()] as const]);
}

function crdPath(kind: Kind): string {
  return `crds/${GROUP}_${kind.plural}.yaml`;
}

function crdYaml(kind: Kind): string {
  const yaml = dump(customResourceDefinition(kind), { noRefs: true, lineWidth: 120 });
  return `# Generated from src/shared/api/schema by \`npm run generate\`.\n# ${crdName(kind)}\n---\n${yaml}`;
}
