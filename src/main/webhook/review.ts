/** What the API server asks about one request, as far as it is of use here. */
export interface AdmissionRequest {
  readonly uid: string;
  /** `CREATE`, `UPDATE`, `DELETE` or `CONNECT`. */
  readonly operation: string;
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  /** `status` and the like; empty for the object itself. */
  readonly subResource: string;
  /** Of any shape: who calls need not be the API server. */
  readonly object: unknown;
  readonly oldObject: unknown;
}

/** How a denial reads to clients: kubectl prints the causes line by line. */
export interface Denial {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: {
    readonly group: string;
    readonly kind: string;
    readonly name?: string | undefined;
    readonly causes: readonly { readonly reason: string; readonly message: string; readonly field: string }[];
  };
}

export type Verdict =
  | { readonly allowed: true; readonly warnings: readonly string[] }
  | { readonly allowed: false; readonly denial: Denial };

const API_VERSION = 'admission.k8s.io/v1';
const KIND = 'AdmissionReview';

/** The question in a review, or what is wrong with it. */
export function readReview(text: string): AdmissionRequest | { readonly problem: string } {
  let review: unknown;
  try {
    review = JSON.parse(text);
  } catch {
    return { problem: 'the body is not JSON' };
  }
  const { apiVersion, kind, request } = fieldsOf(review);
  if (kind !== KIND) return { problem: `the body is not an ${KIND}` };
  if (apiVersion !== API_VERSION) return { problem: `only an ${KIND} of ${API_VERSION} is understood` };
  const { uid, operation, kind: of, subResource, object, oldObject } = fieldsOf(request);
  if (typeof uid !== 'string' || uid === '') return { problem: `the ${KIND} has no request with a uid` };
  if (typeof operation !== 'string') return { problem: `the request of the ${KIND} has no operation` };
  const { group, version, kind: objectKind } = fieldsOf(of);
  return {
    uid,
    operation,
    kind: { group: textOf(group), version: textOf(version), kind: textOf(objectKind) },
    subResource: textOf(subResource),
    object,
    oldObject,
  };
}

export function writeReview(uid: string, verdict: Verdict): string {
  const response = verdict.allowed
    ? { uid, allowed: true, ...(verdict.warnings.length > 0 && { warnings: verdict.warnings }) }
    : { uid, allowed: false, status: verdict.denial };
  return JSON.stringify({ apiVersion: API_VERSION, kind: KIND, response });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Of anything: what is no object has none. */
export function fieldsOf(value: unknown): { readonly [field: string]: unknown } {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
