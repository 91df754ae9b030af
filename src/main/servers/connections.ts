import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** More than these idle ones, and the one that has been idle longest goes. */
const MOST_IDLE = 1_000;
/** All together. Beyond, new ones are hung up on. */
const MOST = 2_000;

export interface Connections {
  /** From here on each answer is the last one of its connection. */
  drain(): void;
}

/** Bounds the connections of a server in such a way that idle ones never keep a busy one out. */
export function boundConnections(server: Server): Connections {
  /** By who is at the other end, which a TLS socket and the one beneath it agree on. The one idle longest comes first. */
  const idle = new Map<string, Socket>();
  const open = new Map<string, Socket>();
  const busy = new Set<ServerResponse>();
  let draining = false;

  server.maxConnections = MOST;
  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    open.set(peer, socket);
    idle.set(peer, socket);
    socket.once('close', () => {
      if (open.get(peer) !== socket) return; // the peer has come back before we noticed
      open.delete(peer);
      idle.delete(peer);
    });
    if (idle.size > MOST_IDLE) idle.values().next().value?.destroy();
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const peer = peerOf(request.socket);
    idle.delete(peer);
    busy.add(response);
    if (draining) makeLast(response);
    response.on('error', () => {}); // nobody is there any more to read it
    response.once('close', () => {
      busy.delete(response);
      const socket = open.get(peer);
      if (socket !== undefined) idle.set(peer, socket);
      if (draining) server.closeIdleConnections(); // headers that were out already promised to keep it open
    });
  });

  return {
    drain() {
      draining = true;
      for (const response of busy) makeLast(response);
      for (const socket of idle.values()) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function makeLast(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}
