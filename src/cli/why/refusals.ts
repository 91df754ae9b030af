import type { Command } from './answer.ts';
import { inNamespace } from './commands.ts';
import type { Evidence } from './evidence.ts';

export type KindNames = Pick<Evidence, 'resourceNameOfKind'>;

type Remedy = (match: readonly string[], text: string, names: KindNames) => Command | undefined;

/** What the API server says when it takes something from nobody, or not from this account. The first that fits. */
const refusals: readonly (readonly [says: RegExp, Remedy])[] = [
  [
    /exceeded quota: ([^,\s]+)/,
    ([, quota = ''], text) => {
      return ['kubectl', 'describe', 'resourcequotas', quota, ...inNamespace(namespaceIn(text))];
    },
  ],
  [
    /cannot \w+ resource .* in the namespace "([^"]+)"/,
    ([, namespace]) => {
      return ['kubectl', 'get', 'rolebindings', ...inNamespace(namespace), '-o', 'wide'];
    },
  ],
  [/cannot \w+ resource .* at the cluster scope/, () => ['kubectl', 'get', 'clusterrolebindings', '-o', 'wide']],
  [
    /admission webhook "|failed calling webhook "/,
    () => ['kubectl', 'get', 'validatingwebhookconfigurations,mutatingwebhookconfigurations'],
  ],
  [
    /ValidatingAdmissionPolicy '([^']+)'/,
    ([, policy = '']) => ['kubectl', 'describe', 'validatingadmissionpolicies', policy],
  ],
  [
    /conflicts? with "|conflict policy (?:Fail|KeepExisting|Recreate)/,
    (_match, text, names) => showWriters(text, names),
  ],
  [/namespaces "([^"]+)" not found/, () => ['kubectl', 'get', 'namespaces']],
];

/** The command that shows who refuses; undefined where the manifest itself is what is wrong. */
export function refusalCommand(text: string, names: KindNames): Command | undefined {
  for (const [says, remedy] of refusals) {
    const match = says.exec(text);
    if (match !== null) return remedy(match, text, names);
  }
  return undefined;
}

/** Who has set which field of the first object that the text names. */
export function showWriters(text: string, names: KindNames): Command | undefined {
  const [, kind = '', namespace, namespaced, clusterScoped] = objectText.exec(text) ?? [];
  const name = namespaced ?? clusterScoped;
  const resource = names.resourceNameOfKind(kind);
  if (resource === undefined || name === undefined) return undefined;
  return ['kubectl', 'get', resource, name, ...inNamespace(namespace), '--show-managed-fields', '-o', 'yaml'];
}

/** `Deployment shop/web`, or `ClusterRole web: `, as messages write objects. */
const objectText = /\b([A-Z]\w*) (?:([a-z0-9-]+)\/([\w-]+(?:[.:][\w-]+)*)|([\w-]+(?:[.:][\w-]+)*): )/;

/** `pods "web-1" is forbidden: …` names none; `Deployment shop/web: …` does. */
function namespaceIn(text: string): string | undefined {
  return /[A-Z]\w* ([a-z0-9-]+)\/[\w.:-]+/.exec(text)?.[1];
}
