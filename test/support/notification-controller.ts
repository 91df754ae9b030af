import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { startHttpServer } from './http-server.ts';

export interface ReceivedEvent {
  readonly involvedObject: Readonly<Record<string, string>>;
  readonly severity: string;
  readonly timestamp: string;
  readonly message: string;
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** `hang`: no answer at all; `hang up`: the connection breaks once the event was read. */
export type Trouble = number | 'hang' | 'hang up';

export interface NotificationController {
  readonly origin: string;
  /** Taken, in order. */
  readonly events: readonly ReceivedEvent[];
  /** What requests broke of the contract: empty, or the sender is wrong. */
  readonly violations: readonly string[];
  readonly requests: readonly string[];
  /** The next requests meet these, one each, whatever they bring. */
  trouble(...next: readonly Trouble[]): void;
}

/**
 * Takes events as Flux's notification-controller does, and is stricter about what they hold: its decoder lets missing
 * fields pass, and users then miss them in their chat.
 */
export async function startNotificationController(t: TestContext): Promise<NotificationController> {
  const events: ReceivedEvent[] = [];
  const violations: string[] = [];
  const troubles: Trouble[] = [];
  const seen = new Set<string>();

  const server = await startHttpServer(t, async (request, response) => {
    const text = await bodyOf(request);
    const trouble = troubles.shift();
    if (trouble !== undefined) return meet(trouble, response);
    try {
      checkRequest(request);
      const event: unknown = JSON.parse(text);
      checkEvent(event);
      const key = rateLimitKey(event);
      if (seen.has(key)) return response.writeHead(429, { 'retry-after': '300' }).end();
      seen.add(key);
      events.push(event);
      response.writeHead(202).end();
    } catch (error) {
      violations.push(String(error));
      response.writeHead(400).end();
    }
  });
  return {
    origin: server.origin,
    requests: server.requests,
    events,
    violations,
    trouble: (...next) => troubles.push(...next),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function meet(trouble: Trouble, response: ServerResponse): void {
  if (trouble === 'hang') return;
  if (trouble === 'hang up') response.destroy();
  else response.writeHead(trouble).end('trouble');
}

function checkRequest({ method, url, headers }: IncomingMessage): void {
  assert.equal(method, 'POST');
  assert.equal(url, '/');
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers['transfer-encoding'], undefined, 'its length is known');
}

/** The fields that Flux's type marks as required, and what our events always have. */
function checkEvent(event: unknown): asserts event is ReceivedEvent {
  assert.ok(isRecord(event) && isRecord(event.involvedObject));
  const { involvedObject, metadata } = event;
  assert.equal(involvedObject.apiVersion, 'stages.metio.wtf/v1');
  assert.equal(involvedObject.kind, 'StageSet');
  for (const field of ['namespace', 'name', 'uid', 'resourceVersion']) isFilled(involvedObject[field], field);
  for (const field of ['message', 'reason', 'action', 'reportingController', 'reportingInstance']) {
    isFilled(event[field], field);
  }
  assert.ok(event.severity === 'info' || event.severity === 'error', `severity: ${event.severity}`);
  assert.match(String(event.timestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.ok(String(event.message).length <= 39_000);
  assert.ok(isRecord(metadata));
  for (const [key, value] of Object.entries(metadata)) {
    assert.match(key, /^(stages\.metio\.wtf|event\.toolkit\.fluxcd\.io)\/./, 'another key is thrown away');
    isFilled(value, key);
  }
  assert.equal(metadata['stages.metio.wtf/reason'], event.reason);
}

/** What makes an event a repetition, until some minutes have passed. */
function rateLimitKey({ involvedObject: { namespace, name, kind }, message, metadata }: ReceivedEvent): string {
  const { 'stages.metio.wtf/revision': revision, 'stages.metio.wtf/token': token } = metadata;
  return JSON.stringify([namespace, name, kind, message, revision, token]);
}

function isFilled(value: unknown, field: string): void {
  assert.ok(typeof value === 'string' && value !== '', `${field}: ${value}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
