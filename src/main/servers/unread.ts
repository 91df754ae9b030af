import type { ServerResponse } from 'node:http';

/** A page of metrics of a large installation takes ten MiB, for each who asks and does not read. */
const MOST_BYTES = 64 * 2 ** 20;

/** Bounds what the answers of a server take that nobody reads: beyond it, the one that has waited longest is cut off. */
export function boundUnread(mostBytes = MOST_BYTES): (response: ServerResponse, bytes: number) => void {
  const unread = new Map<ServerResponse, number>();
  let total = 0;
  const forget = (response: ServerResponse) => {
    total -= unread.get(response) ?? 0;
    unread.delete(response);
  };
  return (response, bytes) => {
    unread.set(response, bytes);
    total += bytes;
    response.once('close', () => forget(response));
    for (const oldest of unread.keys()) {
      if (total <= mostBytes || oldest === response) return;
      forget(oldest);
      oldest.destroy();
    }
  };
}
