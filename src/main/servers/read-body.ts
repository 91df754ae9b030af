import type { IncomingMessage } from 'node:http';

/** What is wrong with it is the client's to know. */
export class BadBody extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** All of a request's body, up to a limit; rejects with a BadBody. How long it may take the server bounds. */
export function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const tooLarge = () => {
      request.off('data', take);
      reject(new BadBody(413, `the body is too large: ${mostBytes} bytes at most`));
    };
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostBytes) tooLarge();
      else chunks.push(chunk);
    };
    if (Number(request.headers['content-length'] ?? 0) > mostBytes) {
      tooLarge();
      return;
    }
    request.on('data', take);
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', () => reject(new BadBody(400, 'the body ended early')));
    request.once('close', () => reject(new BadBody(400, 'the body ended early')));
  });
}
