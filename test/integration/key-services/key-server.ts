import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { type KeyService, KeyServiceError } from '../../../src/main/decrypt/key-service.ts';
import { OutboundClient } from '../../../src/main/outbound/client.ts';
import type { RemoteKey } from '../../../src/shared/sops/master-key.ts';

// What the servers of this folder share: each speaks its service's protocol, with real cryptography behind it.

/** A token, and so a word that no error may hold; neither may it hold `quoted`, which servers say when they refuse. */
export const CANARY = 'hunter2-token';
export const part = new Uint8Array(randomBytes(32));
export const never = new AbortController().signal;

export interface Clients {
  readonly guarded: OutboundClient;
  /** May go where these servers are. */
  readonly loopback: OutboundClient;
}

export function clients(t: TestContext): Clients {
  const guarded = new OutboundClient({ allowLoopback: false, allowLinkLocal: false });
  const loopback = new OutboundClient({ allowLoopback: true, allowLinkLocal: false });
  t.after(() => Promise.all([guarded.close(), loopback.close()]));
  return { guarded, loopback };
}

export async function reasonOf<K extends RemoteKey>(service: KeyService<K>, key: K): Promise<string> {
  try {
    await service.unwrap(key, never);
  } catch (error) {
    assert.ok(error instanceof KeyServiceError, String(error));
    for (const secret of [CANARY, 'quoted']) assert.ok(!error.message.includes(secret), error.message);
    return error.message;
  }
  throw new assert.AssertionError({ message: 'was opened' });
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  return Buffer.concat(await request.toArray()).toString();
}

export function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const aesKey = randomBytes(32);

export function seal(plain: Uint8Array, boundTo = ''): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', aesKey, iv).setAAD(Buffer.from(boundTo));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Undefined for what was not sealed so. */
export function unsealed(sealed: string, boundTo = ''): Buffer | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', aesKey, bytes.subarray(0, 12)).setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(bytes.subarray(-16));
  const opened = decipher.update(bytes.subarray(12, -16));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return opened;
}
