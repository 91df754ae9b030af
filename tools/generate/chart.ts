import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { customResourceDefinition, type Kind, stageInventoryKind, stageSetKind } from '../../src/shared/api/crd.ts';
import { argsTemplate } from '../chart/args-template.ts';
import { rulesTemplate } from '../chart/rules-template.ts';
import { values } from '../chart/values.ts';
import { valuesTable } from '../chart/values-reference.ts';
import { valuesSchema } from '../chart/values-schema.ts';
import { valuesYaml } from '../chart/values-yaml.ts';

/** What of the chart follows from the flags, the rights and the kinds of the controller, by path from the repository's root. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['chart/values.yaml', valuesYaml(values)],
    ['chart/values.schema.json', valuesSchema(values)],
    ['chart/README.md', await readme()],
    ['chart/templates/_args.tpl', argsTemplate()],
    ['chart/templates/_rules.tpl', rulesTemplate()],
    ...[stageSetKind, stageInventoryKind].map(
      (kind) => [`chart/templates/crds/${kind.plural}.yaml`, crdTemplate(kind)] as const,
    ),
    ['docs/reference/values.md', `${generated}\n# Values of the chart\n\n${about}\n${valuesTable(values)}`],
  ]);
}

const generated = '<!-- Generated from tools/chart/values.ts by `npm run generate`. -->\n';
const about = `[Installing](../install.md) tells which to set when. \`chart/values.schema.json\` refuses what is not among them.
A flag is told more about in [flags](../flags.md).
`;

async function readme(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'));
  return `${generated}
# stageset-controller

Ordered, gated, multi-stage delivery of Flux artifacts. Chart for version ${version} of the controller, for Helm 3 and 4.

\`\`\`
helm upgrade --install stageset-controller ./chart --namespace stageset-system --create-namespace \\
  --set image.registry=REGISTRY
\`\`\`

\`docs/install.md\` of the repository tells more.

## Values

${valuesTable(values)}`;
}

/** The one under crds/, kept by \`helm uninstall\`: all StageSets would go with it. */
function crdTemplate(kind: Kind): string {
  const { metadata, ...crd } = customResourceDefinition(kind);
  const annotations = { 'helm.sh/resource-policy': 'keep' };
  const kept = { ...crd, metadata: { ...(metadata as object), annotations } };
  // What looks like a template there is text.
  const yaml = dump(kept, { noRefs: true, lineWidth: 120 }).replaceAll('{{', '{{ "{{" }}');
  return `{{- if .Values.crds.create }}\n# Generated from src/shared/api/schema by \`npm run generate\`.\n${yaml}{{- end }}\n`;
}
