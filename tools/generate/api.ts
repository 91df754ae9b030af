import { dump } from 'js-yaml';
import {
  crdName,
  customResourceDefinition,
  type Kind,
  stageInventoryKind,
  stageSetKind,
} from '../../src/shared/api/crd.ts';
import { GROUP } from '../../src/shared/api/group.ts';

/** The CRDs, by path from the repository's root. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([stageSetKind, stageInventoryKind].map((kind) => [crdPath(kind), crdYaml(kind)]));
}

function crdPath(kind: Kind): string {
  return `crds/${GROUP}_${kind.plural}.yaml`;
}

function crdYaml(kind: Kind): string {
  const yaml = dump(customResourceDefinition(kind), { noRefs: true, lineWidth: 120 });
  return `# Generated from src/shared/api/schema by \`npm run generate\`.\n# ${crdName(kind)}\n---\n${yaml}`;
}
