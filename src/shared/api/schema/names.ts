import { text } from './language.ts';

/** Go's duration grammar, as time.ParseDuration reads it; src/shared/time/duration.ts is its parser. */
const DURATION = '^[-+]?(0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$';
const DNS_LABEL = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';
const DNS_SUBDOMAIN = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';
const API_VERSION = '^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[a-z0-9]([-a-z0-9]*[a-z0-9])?$';
/** No slash: the status writes `<hook>/<name>` and `<migration>/<action>`. */
const STEP_NAME = '^[^/]+$';

type Doc = { readonly defaultsTo?: string };

/** More than zero: none of our intervals and timeouts makes sense without a length. */
export const duration = (description: string, doc: Doc = {}) =>
  text(description, { ...durationRules, positive: true, ...doc });

export const durationOrZero = (description: string) => text(description, durationRules);

const durationRules = {
  format: 'duration',
  pattern: DURATION,
  kindOfText: 'a duration such as 1h30m',
  maxLength: 64,
} as const;

export const dnsLabel = (description: string) =>
  text(description, { pattern: DNS_LABEL, kindOfText: 'lower case letters, digits and inner hyphens', maxLength: 63 });

export const dnsSubdomain = (description: string) =>
  text(description, {
    pattern: DNS_SUBDOMAIN,
    kindOfText: 'lower case letters, digits, inner hyphens and dots',
    maxLength: 253,
  });

export const stepName = (description: string) =>
  text(description, { pattern: STEP_NAME, kindOfText: 'a name without a slash', maxLength: 253 });

/** The name of any object: some kinds (RBAC's) allow nearly all characters. */
export const objectName = (description: string) => text(description, { minLength: 1, maxLength: 253 });

export const namespace = (description: string, doc: Doc = {}) => ({ ...dnsLabel(description), ...doc });

export const apiVersion = (description: string) =>
  text(description, { pattern: API_VERSION, kindOfText: 'an API version such as apps/v1', maxLength: 317 });

export const kind = (description: string, doc: Doc = {}) => text(description, { minLength: 1, maxLength: 63, ...doc });

export const time = (description: string) => text(description, { format: 'date-time' });

/** Free text that must say something. */
export const phrase = (description: string) => text(description, { minLength: 1 });
