import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Example } from './example.ts';

/** Where http actions of examples ask whether they may go on. It says no until it is told otherwise. */
export interface Desk {
  readonly url: string;
  /** How often it has said no. */
  readonly refusals: number;
  sayYes(): void;
  close(): Promise<void>;
}

const inExamples = 'http://desk.example.test';

export async function openDesk(): Promise<Desk> {
  let mayGoOn = false;
  let refusals = 0;
  const server = createServer((_, answer) => {
    if (!mayGoOn) refusals += 1;
    answer.writeHead(mayGoOn ? 200 : 403).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get refusals() {
      return refusals;
    },
    sayYes() {
      mayGoOn = true;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The example as it is applied here: no name server knows the desk by the name that its file has. */
export function askingAt({ url }: Pick<Desk, 'url'>, example: Example): Example {
  const stageSet = JSON.parse(JSON.stringify(example.stageSet).replaceAll(inExamples, url));
  return { ...example, stageSet };
}
