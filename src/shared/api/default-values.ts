/** Every default of the API that is a value of its own: the accessors in defaults.ts apply them, the schema quotes them. */
export const defaultValues = {
  interval: '10m', // of the flag --default-interval, which wins
  inventoryMode: 'hybrid', // of the flag --inventory-mode, which wins
  stageTimeout: '15m',
  actionTimeout: '5m',
  jobTimeout: '10m',
  retries: 0,
  sourceKind: 'ExternalArtifact',
  path: './',
  prune: true,
  applyHelmHookResources: true,
  conflictAction: 'Fail',
  windowScope: 'Updates',
  timeZone: 'UTC',
  patchType: 'merge',
  httpMethod: 'POST',
  kubeConfigKeys: ['value', 'value.yaml'],
  versionFieldPath: "{.metadata.labels['app\\.kubernetes\\.io/version']}",
} as const;
