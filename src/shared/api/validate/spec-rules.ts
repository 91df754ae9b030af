import { itemsOf } from './places.ts';
import type { Rule } from './rule.ts';
import { isGiven } from './sound.ts';
import { violation } from './violation.ts';

export const dependencies: Rule = function* ({ spec, name, namespace, options }) {
  for (const { value: dependency, path } of itemsOf(spec.dependsOn, 'spec.dependsOn')) {
    const isHere = !isGiven(dependency.namespace) || dependency.namespace === namespace;
    if (isHere && isGiven(name) && dependency.name === name) {
      yield violation(path, 'SelfReference', 'a StageSet cannot depend on itself');
    }
    if (!isHere && options.noCrossNamespaceRefs === true) {
      const message = 'another namespace is refused under --no-cross-namespace-refs';
      yield { ...violation(`${path}.namespace`, 'CrossNamespace', message), atRunTime: 'dependency' };
    }
  }
};

/** Neither form may ever come to mean "here": what was meant for another cluster would be applied to this one. */
export const kubeConfig: Rule = function* ({ spec }) {
  const reference = spec.kubeConfig;
  if (!reference) return;
  if (isGiven(reference.configMapRef)) {
    const message =
      'cloud provider authentication is not supported; put a self-contained kubeconfig into a Secret (secretRef)';
    yield { ...violation('spec.kubeConfig.configMapRef', 'NotSupported', message), atRunTime: 'connect' };
  } else if (!isGiven(reference.secretRef)) {
    yield { ...violation('spec.kubeConfig', 'Incomplete', 'needs secretRef'), atRunTime: 'connect' };
  }
};

export const decryption: Rule = function* ({ spec }) {
  const { provider, secretRef } = spec.decryption ?? {};
  if (typeof provider === 'string' && provider !== 'sops') {
    yield violation('spec.decryption.provider', 'NotAllowed', 'must be sops');
  }
  if (secretRef?.name === '') yield violation('spec.decryption.secretRef.name', 'OutOfRange', 'must not be empty');
};
