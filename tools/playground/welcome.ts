import type { ControlPlane } from '../control-plane/control-plane.ts';
import type { Example } from './example.ts';
import { publishedObjects } from './published-objects.ts';

/** What somebody needs to play, and what to try first. */
export function welcome({ dir, kubeconfigPath, toolset }: ControlPlane, folder: string, examples: readonly Example[]) {
  const names = examples.map(({ stageSet }) => stageSet.metadata.name);
  return `
A cluster is up, with the controller on it. It keeps up with ${names.join(', ')} from ${folder}/.
Its node and pods are played by kwok; all else is real. In another terminal:

  export KUBECONFIG=${kubeconfigPath}
  alias kubectl=${toolset.binary('kubectl')}

Then try:

${examples.slice(0, 1).flatMap(firstSteps).join('\n')}

Or change a file in ${folder}/ and save it: it is published, and its rollout is told below.
Contexts: admin (current), and controller, a user without rights until you grant some.
Logs: ${dir}/*.log
Ctrl-C ends it and leaves nothing behind.
`;
}

function firstSteps(example: Example): readonly string[] {
  const { namespace = 'default', name } = example.stageSet.metadata;
  const [object] = publishedObjects(example);
  const steps = [
    [`kubectl -n ${namespace} get stageset ${name} --watch`, 'the rollout, as its status tells it'],
    [`kubectl -n ${namespace} describe stageset ${name}`, 'its stages, conditions and events'],
    ...(object === undefined
      ? []
      : [[`kubectl -n ${namespace} delete ${object.kind.toLowerCase()} ${object.name}`, 'it comes back']]),
  ];
  const width = Math.max(...steps.map(([command = '']) => command.length));
  return steps.map(([command = '', what]) => `  ${command.padEnd(width)}   # ${what}`);
}
