import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A TCP connection that says what HTTP clients would not. */
export interface RawConnection {
  readonly socket: Socket;
  /** All that has come so far. */
  readonly heard: string;
  /** The other side has closed while we still sent: many clients then look at no answer. */
  readonly wasReset: boolean;
  /** Resolves with all that came, when the other side has closed or reset. */
  readonly ended: Promise<string>;
}

export async function openRaw(port: number): Promise<RawConnection> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  let heard = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    heard += text;
  });
  let wasReset = false;
  socket.on('error', () => {
    wasReset = true;
  });
  socket.once('end', () => socket.end());
  const ended = new Promise<string>((resolve) => {
    socket.once('close', () => resolve(heard));
  });
  await once(socket, 'connect');
  return {
    socket,
    ended,
    get heard() {
      return heard;
    },
    get wasReset() {
      return wasReset;
    },
  };
}

/** What the other side says to this until it closes. */
export async function say(port: number, bytes: string | Uint8Array): Promise<string> {
  const connection = await openRaw(port);
  connection.socket.write(bytes);
  return await connection.ended;
}

/** The status codes of the answers, in order. */
export function statusesIn(heard: string): readonly number[] {
  return [...heard.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, code]) => Number(code));
}
