import { randomBytes, webcrypto } from 'node:crypto';
import type { Certificate } from '../../servers/open-server.ts';

/** What proves who the webhook is, and the authority that says so. All in PEM. */
export interface Issued extends Certificate {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly expiresMs: number;
}

export interface Wish {
  readonly dnsNames: readonly string[];
  /** Tells the authorities of several replicas apart. */
  readonly podUid: string;
  readonly nowMs: number;
  readonly validityMs: number;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
/** The API server's clock may be behind ours. */
const BACKDATED_MS = 5 * 60_000;

/** Makes an authority for one leaf: its key is forgotten at once, so that it never signs another. */
export async function issue({ dnsNames, podUid, nowMs, validityMs }: Wish): Promise<Issued> {
  const x509 = await loadX509();
  const dates = { notBefore: new Date(nowMs - BACKDATED_MS), notAfter: new Date(nowMs + validityMs) };
  const authority = [{ CN: ['stageset-controller webhook CA'] }, { OU: [podUid] }];
  const [caKeys, leafKeys] = await Promise.all([newKeys(), newKeys()]);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...dates,
    serialNumber: newSerial(),
    name: authority,
    keys: caKeys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  const leaf = await x509.X509CertificateGenerator.create({
    ...dates,
    serialNumber: newSerial(),
    subject: [{ CN: ['stageset-controller webhook'] }], // nobody looks at it
    issuer: authority,
    publicKey: leafKeys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(dnsNames.map((value) => ({ type: 'dns', value }))),
      await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  return {
    cert: `${leaf.toString('pem')}\n`,
    key: pemOf(await webcrypto.subtle.exportKey('pkcs8', leafKeys.privateKey)),
    ca: `${ca.toString('pem')}\n`,
    expiresMs: dates.notAfter.getTime(),
  };
}

/** 0.13 s and 20 MB, which only who signs for itself pays. */
async function loadX509() {
  await import('reflect-metadata'); // the other wants it there
  return await import('@peculiar/x509');
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** Positive, as RFC 5280 wants it, and not to be guessed. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes.toString('hex');
}

function pemOf(pkcs8: ArrayBuffer): string {
  const lines =
    Buffer.from(pkcs8)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PRIVATE KEY-----', ...lines, '-----END PRIVATE KEY-----', ''].join('\n');
}
