import { KeyServiceError } from './key-service.ts';

/** Opened keys come in base64. */
export function decodePart(value: unknown, encoding: 'base64' | 'base64url' = 'base64'): Uint8Array {
  if (typeof value !== 'string' || value === '') throw new KeyServiceError('the answer holds no key');
  return new Uint8Array(Buffer.from(value, encoding));
}
