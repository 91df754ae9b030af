import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { Deadline } from '../../shared/time/deadline.ts';
import { KubeError } from './errors.ts';

/** A page of 250 objects fits many times over. */
export const MAX_ANSWER_BYTES = 64 * 2 ** 20;

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/**
 * One request and its whole answer. It sits on undici's dispatch rather than its `request`, which builds a stream
 * for each answer and cannot look at the clock before the first byte leaves.
 */
export function exchange(
  dispatcher: Dispatcher,
  wire: Dispatcher.DispatchOptions,
  deadline: Deadline,
  maxBytes: number,
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let status = 0;
    let headers: IncomingHttpHeaders = {};
    let size = 0;
    const chunks: Buffer[] = [];

    const cut = () => {
      controller?.abort(deadline.signal.reason);
      reject(deadline.signal.reason); // It may still wait for a connection: then there is nothing to abort yet.
    };
    const over = () => deadline.signal.removeEventListener('abort', cut);
    deadline.signal.addEventListener('abort', cut);

    dispatcher.dispatch(wire, {
      onRequestStart(started) {
        controller = started;
        deadline.throwIfEnded(); // undici then sends nothing and reports the reason below
      },
      onResponseStart(_controller, statusCode, responseHeaders) {
        status = statusCode;
        headers = responseHeaders;
      },
      onResponseData(_controller, chunk) {
        size += chunk.length;
        if (size > maxBytes) throw tooLarge(status, maxBytes);
        chunks.push(chunk);
      },
      onResponseEnd() {
        over();
        resolve({ status, headers, body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size) });
      },
      onResponseError(_controller, error) {
        over();
        reject(error);
      },
    });
  });
}

function tooLarge(status: number, maxBytes: number): KubeError {
  return new KubeError({
    status,
    reason: 'TooLarge',
    message: `the answer is larger than ${maxBytes >> 20} MiB`,
  });
}
