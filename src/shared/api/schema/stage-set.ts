import { defaultValues } from '../default-values.ts';
import { bool, list, optional, struct, text } from './language.ts';
import { dnsSubdomain, duration, namespace, objectName } from './names.ts';
import { stage } from './stage.ts';
import { migrations, version } from './version.ts';
import { updateWindows, windowScope } from './windows.ts';

const dependency = struct('A StageSet that must be ready first.', {
  name: objectName('Name of the StageSet; not this one’s own.'),
  namespace: optional(
    namespace('Namespace of the StageSet. Another one than this one’s is refused under --no-cross-namespace-refs.', {
      defaultsTo: 'the StageSet’s namespace',
    }),
  ),
});

const kubeConfig = struct('The cluster to apply to, by a kubeconfig in a Secret.', {
  secretRef: optional(
    struct('A Secret in the StageSet’s namespace that holds a self-contained kubeconfig.', {
      name: objectName('Name of the Secret.'),
      key: optional(
        text('Entry of the Secret that holds the kubeconfig.', {
          minLength: 1,
          defaultsTo: defaultValues.kubeConfigKeys.join(', then '),
        }),
      ),
    }),
  ),
  // Known, so that it is refused by name: pruned it would leave `kubeConfig: {}`, and the reader guessing.
  configMapRef: optional(
    struct('Not supported: cloud provider authentication by ConfigMap is refused.', {
      name: optional(text('Name of the ConfigMap.')),
    }),
  ),
});

const decryption = struct('Decrypts files encrypted with SOPS in the stages’ artifacts, in memory.', {
  // No enum and no minLength: without the webhook these two are the controller's to refuse, as InvalidSpec.
  provider: text('How the files are encrypted: sops, the only way there is.'),
  secretRef: optional(
    struct(
      'A Secret in the StageSet’s namespace with age keys (*.agekey) and PGP keys (*.asc). Cloud KMS needs none.',
      {
        name: text('Name of the Secret; not empty.'),
      },
    ),
  ),
});

export const stageSetSpec = struct('What to roll out, in which order, and when.', {
  interval: optional(
    duration('How often a StageSet at rest is reconciled: sources resolved, drift corrected, leftovers pruned.', {
      defaultsTo: `the flag --default-interval (${defaultValues.interval})`,
    }),
  ),
  retryInterval: optional(duration('How soon a failed run is tried again.', { defaultsTo: 'spec.interval' })),
  driftDetectionInterval: optional(
    duration('How often to look for drift, where that should be sooner than interval. No effect unless it is shorter.'),
  ),
  timeout: optional(
    duration('How long any one stage may take from its first apply until it is ready.', {
      defaultsTo: defaultValues.stageTimeout,
    }),
  ),
  suspend: optional(bool('Stops reconciliation and leaves what is applied alone.', { defaultsTo: 'false' })),
  dependsOn: optional(
    list('StageSets that must be ready, at their current generation, before this one does anything.', dependency),
  ),
  serviceAccountName: optional(
    dnsSubdomain('ServiceAccount in the StageSet’s namespace that everything on the target cluster is done as.'),
  ),
  kubeConfig: optional(kubeConfig),
  decryption: optional(decryption),
  version: optional(version),
  migrations: optional(migrations),
  rollbackOnFailure: optional(
    bool('Restores each stage’s last good revision when a run fails from an apply on.', { defaultsTo: 'false' }),
  ),
  updateWindows: optional(updateWindows),
  windowScope: optional(windowScope),
  stages: list('The stages, rolled out in this order; each waits until the one before is ready.', stage, {
    namedBy: 'name',
    minItems: 1,
  }),
});
