// `npm run dev`: a cluster to play with, until Ctrl-C.
import { once } from 'node:events';
import { startTestControlPlane } from '../test/harness/shared-cluster.ts';
import { interruption } from './interruption.ts';

const plane = await startTestControlPlane();
console.log(`
A cluster is up. StageSets and Flux's sources are known to it; its node and pods are played by kwok.

  export KUBECONFIG=${plane.kubeconfigPath}
  alias kubectl=${plane.toolset.binary('kubectl')}

Contexts: admin (current), and controller, a user without rights until you grant some.
Logs: ${plane.dir}/*.log
Ctrl-C ends it and leaves nothing behind.`);

const asked = interruption();
if (!asked.aborted) await once(asked, 'abort');
await plane.stop();
