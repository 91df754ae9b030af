import { hash } from 'node:crypto';
import { TaskError } from '../../shared/protocol/task-error.ts';
import { quoted } from '../quoted.ts';

const FORMAT = /^(?:(sha256):[0-9a-f]{64}|(sha512):[0-9a-f]{128})$/;

export function verifyDigest(bytes: Uint8Array, expected: string): void {
  const [, sha256, sha512] = FORMAT.exec(expected) ?? [];
  const algorithm = sha256 ?? sha512;
  if (algorithm === undefined) {
    throw new TaskError('digestMismatch', `digest ${quoted(expected)} is neither sha256:<hex> nor sha512:<hex>`);
  }
  const actual = `${algorithm}:${hash(algorithm, bytes)}`;
  if (actual !== expected) {
    throw new TaskError('digestMismatch', `artifact does not match its digest: expected ${expected}, got ${actual}`);
  }
}
