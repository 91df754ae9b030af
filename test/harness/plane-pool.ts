import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, startTestControlPlane } from './shared-cluster.ts';
import { wellDone } from './test-plane.ts';
import { makeWipeable, type Wipeable } from './wipe.ts';

export interface PlanePool extends AsyncDisposable {
  /** How many wait for somebody. */
  readonly idle: number;
}

/** Lends control planes over a socket, each to one borrower at a time, for as long as the connection lasts. */
export async function openPlanePool(socketPath: string): Promise<PlanePool> {
  const idle: Wipeable[] = [];
  const all = new Set<Wipeable>();
  const borrowers = new Set<Socket>();
  const loans = new Set<Promise<void>>();

  async function lend(borrower: Socket): Promise<void> {
    const wipeable = idle.pop() ?? (await start());
    borrower.write(`${JSON.stringify(describe(wipeable.plane))}\n`);
    const lastWords = await text(borrower).catch(() => '');
    try {
      // Of one that died without a word who knows what is still at work there.
      if (lastWords !== wellDone) throw new Error('a borrower has died');
      await wipeable.wipe();
      idle.push(wipeable);
    } catch (error) {
      console.log(`a control plane is given up: ${error}`);
      all.delete(wipeable);
      await wipeable.plane.stop();
    }
  }

  async function start(): Promise<Wipeable> {
    const wipeable = await makeWipeable(await startTestControlPlane());
    all.add(wipeable);
    return wipeable;
  }

  const server = createServer((borrower) => {
    borrowers.add(borrower.once('close', () => borrowers.delete(borrower)));
    const loan = lend(borrower)
      .catch((error) => borrower.destroy(error))
      .then(() => void loans.delete(loan));
    loans.add(loan);
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    get idle() {
      return idle.length;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const borrower of borrowers) borrower.destroy();
      await Promise.all(loans);
      await Promise.all([...all].map(({ plane }) => plane.stop()));
    },
  };
}
