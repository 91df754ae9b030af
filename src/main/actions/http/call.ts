import type { OutboundRequest } from '../../outbound/client.ts';

/** One request as it would go out. What came from Secrets is kept apart: it stays with the origin it was meant for. */
export interface Call {
  readonly method: OutboundRequest['method'];
  readonly url: URL;
  /** Names in lower case, here and below. */
  readonly headers: Headers;
  readonly secretHeaders: Headers;
  readonly body: Body | undefined;
}

export interface Body {
  readonly text: string;
  readonly isSecret: boolean;
}

export type Headers = Readonly<Record<string, string>>;

/** Its path may be as good as a password, and who reads the failure knows the action anyway. */
export function shown({ method, url }: Call): string {
  return `${method} ${url.origin}`;
}
