import { eventually } from '../../tools/control-plane/eventually.ts';
import { userOf } from './account.ts';
import { type ControllerProcess, startController } from './controller.ts';
import { createControllerAccount } from './controller-account.ts';
import type { Scene } from './scene.ts';

/** One of several controllers that share a cluster. Its Leases are in the scene's namespace, and its account is its own. */
export interface Replica extends ControllerProcess {
  /** As the audit log names it. */
  readonly user: string;
  /** The Leases that it leads by. */
  leases(): Promise<readonly string[]>;
  /** Resolves when it leads by so many. */
  leads(count: number, withinMs?: number): Promise<void>;
  freeze(): void;
  thaw(): void;
}

export async function startReplica(scene: Scene, name: string, flags: readonly string[]): Promise<Replica> {
  const { namespace, plane } = scene;
  const path = await createControllerAccount(plane, { kind: 'ServiceAccount', namespace, name });
  const controller = await startController(path, flags);
  const leases = async () => {
    const lines = (await controller.metrics()).matchAll(/^leader_election_master_status\{name="(.*)"\} 1$/gm);
    return [...lines].map(([, lease = '']) => lease);
  };
  return {
    ...controller,
    get log() {
      return controller.log;
    },
    get errors() {
      return controller.errors;
    },
    user: userOf(namespace, name),
    leases,
    leads: (count, withinMs = 20_000) =>
      eventually(
        async () => {
          const found = await leases();
          if (found.length !== count)
            throw new Error(`${name} leads by ${found.join(', ') || 'nothing'}: ${controller.log}`);
        },
        { timeoutMs: withinMs },
      ),
    freeze: () => void process.kill(controller.pid, 'SIGSTOP'),
    thaw: () => void process.kill(controller.pid, 'SIGCONT'),
  };
}
