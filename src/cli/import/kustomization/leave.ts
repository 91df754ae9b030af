/** Fields of a Kustomization that no StageSet has: why, and what to do instead. */
export const staysBehind = {
  ignore: [
    'all that a stage renders is applied, and drift in it is corrected',
    'leave the field out of the manifest, or take it out with an entry of patches: what is not rendered is not touched',
  ],
  ignoreMissingComponents: [
    'a component that is missing fails the build',
    'name only components that are there in the kustomization.yaml',
  ],
  validation: ['Flux has not looked at it for years', 'nothing is to be done: every change is tried by a dry run'],
} as const;

/** What is said of fields that come over in part. */
export const conditions = {
  readyExpr: [
    'dependsOn knows no expression',
    'put a wait action with target and expr into actions.pre of the stage: it waits for any object',
  ],
  configMapRef: [
    'clusters are reached by a kubeconfig in a Secret only',
    'make a Secret with a kubeconfig under the key "value"; kubeConfig.secretRef now has the name of the ConfigMap',
  ],
  decryptionAccount: [
    'cloud keys are used as the controller, or with what the Secret in decryption.secretRef holds',
    'give the controller the identity, or add a Secret with credentials (sops.aws-kms, sops.gcp-kms, sops.azure-kv)',
  ],
  undefinedVariables: [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the user's own variables.
    'a ${variable} that has neither value nor default fails the build here, where Flux may put in nothing',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the same.
    'give it a default, as in ${variable:=}, or run stagesetctl build to find all of them',
  ],
  substituteAlways: [
    'objects are looked at for variables only once there is one',
    'define one variable, whatever its value',
  ],
  orphans: [
    'what happens at the deletion follows prune, and prune is on: the objects go with the StageSet',
    'set prune: false on the stage before you delete the StageSet, or mark objects stages.metio.wtf/prune: disabled',
  ],
  deletes: [
    'what happens at the deletion follows prune, and prune is off: the objects stay',
    'set prune: true on the stage before you delete the StageSet',
  ],
  healthChecksBesideWait: [
    'beside wait Flux does not look at it: every object is waited for',
    'nothing is to be done, unless you want to narrow the wait: then add readyChecks.checks to the stage',
  ],
  checkWithoutVersion: [
    'a check needs an apiVersion here',
    'add the object to readyChecks.checks of the stage, with its apiVersion',
  ],
} as const;
