import { X509Certificate } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

export interface Own {
  /** The authority in use, in PEM. */
  readonly ca: string;
  /** Another of ours that is about to take over, or has just been relieved. */
  readonly other?: string | undefined;
}

export interface BundleRules {
  readonly nowMs: number;
  readonly limit: number;
}

/**
 * The bundle as a set that several replicas share: with ours, without what has expired, and no more than the newest.
 * What an earlier process of this pod has left behind, told by the same subject, goes too: nobody serves with it any more.
 */
export function withOwn(bundle: string, own: Own, { nowMs, limit }: BundleRules): string {
  const ours = [own.ca, ...(own.other === undefined ? [] : [own.other])].map((pem) => new X509Certificate(pem));
  const subject = ours[0]?.subject;
  const others = certificatesIn(bundle).filter((each) => each.subject !== subject);
  const alive = [...ours, ...unique(others)].filter((each) => each.validToDate.getTime() > nowMs);
  const age = (each: X509Certificate) => Math.min(each.validFromDate.getTime(), nowMs); // a clock that is ahead wins nothing
  // Stable: among those of one second ours come first.
  return textOf(alive.toSorted((a, b) => age(b) - age(a)).slice(0, limit));
}

/** Whether the API server believes whoever this authority has signed. */
export function holds(bundle: string, ca: string): boolean {
  const { fingerprint256 } = new X509Certificate(ca);
  return certificatesIn(bundle).some((each) => each.fingerprint256 === fingerprint256);
}

/** Whether two bundles say the same, in whatever order and form. */
export function isSameSet(one: string, another: string): boolean {
  const fingerprints = (bundle: string) => certificatesIn(bundle).map((each) => each.fingerprint256);
  return isDeepStrictEqual(fingerprints(one).toSorted(), fingerprints(another).toSorted());
}

/** What is no certificate is left out. */
function certificatesIn(bundle: string): readonly X509Certificate[] {
  const blocks = bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.flatMap((pem) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      return [];
    }
  });
}

function unique(certificates: readonly X509Certificate[]): readonly X509Certificate[] {
  return [...new Map(certificates.map((each) => [each.fingerprint256, each])).values()];
}

function textOf(certificates: readonly X509Certificate[]): string {
  return certificates.map((each) => each.toString()).join('');
}
