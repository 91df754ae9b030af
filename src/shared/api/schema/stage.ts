import { defaultValues } from '../default-values.ts';
import { actionList } from './action.ts';
import { conflictPolicy } from './conflicts.ts';
import { bool, dictionary, list, oneOf, optional, struct, text } from './language.ts';
import { dnsLabel, duration, objectName, phrase } from './names.ts';
import { readyChecks } from './ready-checks.ts';
import { buildPath, sourceRef } from './references.ts';

const patch = struct('A kustomize patch.', {
  patch: phrase('A strategic merge patch, or a list of JSON patch operations, as YAML or JSON text.'),
  target: optional(
    struct('Which objects to patch; left out, the object that a strategic merge patch names itself.', {
      group: optional(text('API group, as a regular expression.')),
      version: optional(text('API version without the group, as a regular expression.')),
      kind: optional(text('Kind, as a regular expression.')),
      name: optional(text('Name, as a regular expression.')),
      namespace: optional(text('Namespace, as a regular expression.')),
      labelSelector: optional(text('Label selector, such as app=web.')),
      annotationSelector: optional(text('Annotation selector, written like a label selector.')),
    }),
  ),
});

const postBuild = struct('Variables put into the rendered objects, wherever they name one in dollar and braces.', {
  substitute: optional(
    dictionary('Values by variable name. They win over those of substituteFrom.', text('The value of one variable.'), {
      keyPattern: '^[_a-zA-Z][_a-zA-Z0-9]*$',
    }),
  ),
  substituteFrom: optional(
    list(
      'ConfigMaps and Secrets in the StageSet’s namespace whose entries are variables; a later one wins.',
      struct('One ConfigMap or Secret.', {
        kind: oneOf('ConfigMap or Secret.', ['ConfigMap', 'Secret']),
        name: objectName('Name of the ConfigMap or Secret.'),
        optional: optional(bool('Goes on when it does not exist; otherwise the build fails.', { defaultsTo: 'false' })),
      }),
    ),
  ),
});

const actions = struct('Steps around the stage’s apply, each list run in its order.', {
  pre: optional(actionList('Before anything of the stage is applied. A failure leaves the stage untouched.')),
  post: optional(actionList('Once the stage’s objects are ready. The stage is ready when these have succeeded.')),
  onFailure: optional(actionList('After a failure from the apply on. Best effort: a failure here is only reported.')),
});

export const stage = struct('One step of the rollout: what to render, how to apply it, when it is ready.', {
  name: dnsLabel('Name of the stage, unique in the StageSet.'),
  sourceRef,
  path: buildPath('Folder of the artifact to render. It must lie inside the artifact.'),
  prune: optional(
    bool('Deletes objects that this stage applied earlier and no stage renders any more.', {
      defaultsTo: String(defaultValues.prune),
    }),
  ),
  timeout: optional(
    duration('How long the stage may take from its first apply until it is ready.', { defaultsTo: 'spec.timeout' }),
  ),
  force: optional(
    bool('Short for conflictPolicy.default: Recreate. A conflictPolicy.default beside it wins.', {
      defaultsTo: 'false',
    }),
  ),
  applyHelmHookResources: optional(
    bool('Applies objects annotated helm.sh/hook like any others; false leaves them out.', {
      defaultsTo: String(defaultValues.applyHelmHookResources),
    }),
  ),
  patches: optional(list('Kustomize patches, applied in order after the build.', patch)),
  postBuild: optional(postBuild),
  conflictPolicy: optional(conflictPolicy),
  readyChecks: optional(readyChecks),
  actions: optional(actions),
});
