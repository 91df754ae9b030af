import { createCipheriv, createHash, randomBytes } from 'node:crypto';

const lastModified = '2030-01-01T00:00:00Z';

/** Writes what SOPS writes, and what it would not. */
export function sopsWriter(dataKey: Uint8Array) {
  const encrypt = (text: string, boundTo: string, type = 'str'): string => {
    const iv = randomBytes(32);
    const cipher = createCipheriv('aes-256-gcm', dataKey, iv);
    cipher.setAAD(Buffer.from(boundTo));
    const data = Buffer.concat([cipher.update(text), cipher.final()]).toString('base64');
    const tag = cipher.getAuthTag().toString('base64');
    return `ENC[AES256_GCM,data:${data},iv:${iv.toString('base64')},tag:${tag},type:${type}]`;
  };

  /** Of these values, in this order. */
  const macOf = (...values: readonly string[]): string => {
    const hash = createHash('sha512');
    for (const value of values) hash.update(value);
    return encrypt(hash.digest('hex').toUpperCase(), lastModified);
  };

  const metadata = (mac: string, more: Readonly<Record<string, unknown>> = {}) => ({
    age: [{ recipient: 'age1x', enc: 'x' }],
    lastmodified: lastModified,
    mac,
    version: '3.7.1',
    ...more,
  });

  const fileWith = (
    values: Readonly<Record<string, unknown>>,
    mac: string,
    more?: Readonly<Record<string, unknown>>,
  ): string => JSON.stringify({ ...values, sops: metadata(mac, more) });

  return { encrypt, macOf, metadata, fileWith };
}
