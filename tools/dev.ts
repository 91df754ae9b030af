// `npm run dev`: a cluster to play with, until Ctrl-C.
import { startTestControlPlane } from '../test/harness/shared-cluster.ts';
import { endWithParent } from './end-with-parent.ts';

const plane = await startTestControlPlane();
console.log(`
A cluster is up. StageSets and Flux's sources are known to it; its node and pods are played by kwok.

  export KUBECONFIG=${plane.kubeconfigPath}
  alias kubectl=${plane.toolset.binary('kubectl')}

Contexts: admin (current), and controller, a user without rights until you grant some.
Logs: ${plane.dir}/*.log
Ctrl-C ends it and leaves nothing behind.`);

await askedToEnd();
await plane.stop();

/** Stays deaf to a second Ctrl-C: the first one is being obeyed. */
function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
    endWithParent(resolve);
  });
}
