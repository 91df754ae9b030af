/** Fields of an Application that no StageSet has: why, and what to do instead. */
export const ofDocument = {
  manifests: [
    'sync waves and hooks are annotations of the manifests, and those are not at hand',
    'import again with --source-dir and a checkout, unless there are none',
  ],
  operation: [
    'it is one sync that somebody asked for',
    'ask for a run with stagesetctl reconcile; every run goes through all stages',
  ],
} as const;

export const ofSpec = {
  info: ['a StageSet has no such list', 'put it into annotations'],
  revisionHistoryLimit: [
    'the last 5 outcomes are in status.history, and the last 3 renders of a stage in the rollback store',
    'set rollbackOnFailure if you want to go back',
  ],
} as const;

const renderedElsewhere =
  'render it in CI or by a producer, and have it published as the ExternalArtifact that the stage names';

export const ofSource = {
  chart: ['Helm charts are not rendered', renderedElsewhere],
  helm: ['Helm charts are not rendered; values stay where they are', renderedElsewhere],
  plugin: ['no plugin is run', renderedElsewhere],
  ref: [
    'it lets a chart of another source take values from here',
    'give them to whatever renders that chart from now on',
  ],
} as const;

export const ofDirectory = {
  jsonnet: ['Jsonnet is not rendered', renderedElsewhere],
  include: ['all manifests in the folder are rendered', 'add a kustomization.yaml that lists the wanted ones'],
  exclude: ['all manifests in the folder are rendered', 'add a kustomization.yaml that lists the wanted ones'],
  disableExtensionFilter: [
    'manifests are found in .yaml, .yml and .json files',
    'rename the others, or add a kustomization.yaml that lists them',
  ],
} as const;

const noneOfItsKind = 'kustomize is built in, and knows no cluster while it builds';

export const ofKustomize = {
  version: [noneOfItsKind, 'see with stagesetctl build that the result is the same'],
  kubeVersion: [noneOfItsKind, 'write it where the charts of the kustomization.yaml are rendered'],
  apiVersions: [noneOfItsKind, 'write it where the charts of the kustomization.yaml are rendered'],
  ignoreMissingComponents: [
    'a component that is missing fails the build',
    'name only components that are there in the kustomization.yaml',
  ],
  forceCommonLabels: [
    'it lets Argo CD overwrite labels that the kustomization.yaml has already',
    'see that none is there twice when you commit the lines',
  ],
  forceCommonAnnotations: [
    'it lets Argo CD overwrite annotations that the kustomization.yaml has already',
    'see that none is there twice when you commit the lines',
  ],
  commonAnnotationsEnvsubst: [
    'the variables in annotations are those of a build of Argo CD',
    'write the values out, or let postBuild.substitute have them',
  ],
} as const;

export const ofDifference = {
  // A patch that takes a field out of a map makes the map where there is none, which not every kind allows.
  anyKind: [
    'it means objects of any kind',
    'take the fields out of the manifests, or add an entry of patches for each kind: what is not rendered is not touched',
  ],
  jqPathExpressions: [
    'it is more than a path of fields',
    'take the field out of the manifest, or out of what is rendered, by an entry of patches: what is not rendered is not touched',
  ],
  jsonPointers: [
    'it leads into a list, whose items no merge patch can name',
    'take the item out of the manifest, or out of what is rendered, by an entry of patches',
  ],
  managedFieldsManagers: [
    'whose field it is does not decide what is applied',
    'take the fields out of the manifest: what is not rendered stays with its manager',
  ],
} as const;

export const ofSyncPolicy = {
  managedNamespaceMetadata: [
    'no namespace is made on the way',
    'put a Namespace with these labels and annotations among the manifests',
  ],
} as const;

export const ofRetry = {
  limit: ['a failed run is tried again without end', 'suspend the StageSet to stop it'],
  refresh: ['every try takes the newest revision that the windows let through', 'nothing is to be done'],
} as const;

export const ofBackoff = {
  factor: ['the pause between tries does not grow', 'choose retryInterval as long as tries may lie apart'],
  maxDuration: ['the pause between tries does not grow', 'choose retryInterval as long as tries may lie apart'],
} as const;

export const ofWindow = {
  description: ['windows have no text', 'write it into the YAML as a comment'],
  manualSync: [
    'a closed window is passed by annotation',
    'let one rollout through with stagesetctl reconcile --update-now',
  ],
} as const;

/** Of an AppProject all but its windows. */
const byRights = 'give the ServiceAccount in spec.serviceAccountName the rights that it is to have, and no more';
export const ofProject = {
  destinations: ['where may be deployed to is a matter of rights', byRights],
  clusterResourceWhitelist: ['what may be deployed is a matter of rights', byRights],
  clusterResourceBlacklist: ['what may be deployed is a matter of rights', byRights],
  namespaceResourceWhitelist: ['what may be deployed is a matter of rights', byRights],
  namespaceResourceBlacklist: ['what may be deployed is a matter of rights', byRights],
  sourceRepos: [
    'where manifests may come from is up to whoever may write Flux sources',
    'allow only some accounts to create them',
  ],
  sourceNamespaces: [
    'a StageSet is where its namespace is',
    'say by RBAC who may write StageSets in which namespace; see --no-cross-namespace-refs',
  ],
  destinationServiceAccounts: ['a StageSet names its own account', 'set spec.serviceAccountName'],
  roles: ['who may do what is RBAC', 'write Roles for stagesets in stages.metio.wtf'],
  orphanedResources: [
    'only what a StageSet has applied is looked at',
    'stagesetctl tree shows what that is; the rest of the namespace is not reported',
  ],
  permitOnlyProjectScopedClusters: [
    'a StageSet reaches the clusters whose kubeconfig its account may read',
    'put those Secrets into its namespace only',
  ],
  signatureKeys: ['signatures are checked by source-controller', 'set spec.verify on the source'],
  sourceIntegrity: ['signatures are checked by source-controller', 'set spec.verify on the source'],
  description: ['a StageSet has no such field', 'put it into an annotation'],
} as const;
