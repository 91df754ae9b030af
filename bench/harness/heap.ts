import { once } from 'node:events';
import type { ControllerProcess } from '../../test/harness/controller.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';

/** A command that lets the controller behind it be asked for its heap. */
export const withInspector: readonly string[] = ['env', 'NODE_OPTIONS=--inspect=127.0.0.1:0'];

/** Bytes that the controller's main thread really needs, after a collection; buffers outside the heap included. */
export async function heapOf(controller: ControllerProcess): Promise<number> {
  const address = await eventually(() => inspectorOf(controller));
  const socket = new WebSocket(address);
  await once(socket, 'open');
  try {
    for (let i = 0; i < 2; i += 1) await ask(socket, 'HeapProfiler.collectGarbage'); // finalizers let go of more
    const { usedSize, backingStorageSize } = (await ask(socket, 'Runtime.getHeapUsage')) as HeapUsage;
    return usedSize + backingStorageSize;
  } finally {
    socket.close();
  }
}

interface HeapUsage {
  readonly usedSize: number;
  readonly backingStorageSize: number;
}

function inspectorOf({ errors }: ControllerProcess): string {
  const address = /Debugger listening on (ws:\S+)/.exec(errors)?.[1];
  if (address === undefined) throw new Error('the controller has not opened its inspector');
  return address;
}

let asked = 0;

async function ask(socket: WebSocket, method: string): Promise<unknown> {
  asked += 1;
  const id = asked;
  socket.send(JSON.stringify({ id, method }));
  for (;;) {
    const [{ data }] = (await once(socket, 'message')) as [{ readonly data: string }];
    const answer = JSON.parse(data) as { readonly id?: number; readonly result?: unknown };
    if (answer.id === id) return answer.result;
  }
}
