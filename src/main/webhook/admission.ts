import type { IncomingMessage } from 'node:http';
import type { Handler, Reply } from '../servers/answer.ts';
import { readBody } from '../servers/read-body.ts';
import { type JudgeOptions, judge } from './judge.ts';
import { ADMISSION_PATH } from './path.ts';
import { type AdmissionRequest, fieldsOf, readReview, writeReview } from './review.ts';

/** Two objects, the old and the new, as large as the API server takes them, and what is around them. */
const BODY_BYTES = 7 * 2 ** 20;
/** Of all the bodies that are read at once: anybody in the cluster may knock. */
const BODIES_BYTES = 64 * 2 ** 20;

export interface AdmissionOptions {
  /** How to judge a StageSet of this namespace, now. */
  readonly judging: (namespace: string) => Promise<JudgeOptions>;
}

/** Answers the API server's reviews. What is no review is refused in plain words. */
export function admission({ judging }: AdmissionOptions): Handler {
  let takenBytes = 0;
  return async (request, path) => {
    if (path !== ADMISSION_PATH) return { status: 404, body: `not found: ${ADMISSION_PATH} is here\n` };
    if (!isJson(request)) return { status: 415, body: 'only application/json\n' };
    const bytes = Math.min(Number(request.headers['content-length'] ?? BODY_BYTES), BODY_BYTES);
    if (takenBytes + bytes > BODIES_BYTES) {
      return { status: 503, headers: { 'retry-after': '1' }, body: 'too many reviews at once: try again\n' };
    }
    takenBytes += bytes;
    try {
      return await answer((await readBody(request, BODY_BYTES)).toString());
    } finally {
      takenBytes -= bytes;
    }
  };

  async function answer(text: string): Promise<Reply> {
    const question = readReview(text);
    if ('problem' in question) return { status: 400, body: `${question.problem}\n` };
    const verdict = judge(question, await judging(namespaceOf(question)));
    return { status: 200, type: 'application/json', body: writeReview(question.uid, verdict) };
  }
}

function isJson({ headers }: IncomingMessage): boolean {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  return type.trim().toLowerCase() === 'application/json';
}

function namespaceOf({ object }: AdmissionRequest): string {
  const { namespace } = fieldsOf(fieldsOf(object).metadata);
  return typeof namespace === 'string' ? namespace : '';
}
