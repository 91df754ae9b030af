import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { planLimits } from '../../shared/protocol/limits.ts';
import { BodyTooLarge, collectBody } from '../outbound/collect-body.ts';
import { type Blobs, type Listed, StoreError } from './blobs.ts';

export interface S3Options {
  /** `host` or `host:port`. */
  readonly endpoint: string;
  readonly useTls: boolean;
  readonly bucket: string;
  /** Empty: what the endpoint says, or the one that servers other than AWS take for any. */
  readonly region: string;
  readonly credentials: S3Credentials;
  readonly encryption: S3Encryption;
}

export type S3Credentials =
  /** Environment, web identity, container and instance metadata, in the SDK's order. */
  | { readonly are: 'ambient' }
  | { readonly are: 'none' }
  | {
      readonly are: 'static';
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string;
    };

export type S3Encryption =
  | { readonly by: 'none' }
  | { readonly by: 's3' }
  /** Without a key the bucket's own. */
  | { readonly by: 'kms'; readonly keyId?: string };

/** The SDK is loaded with the first request: it takes as long as the rest of the controller. */
export function s3Blobs(options: S3Options): Blobs {
  const { bucket: Bucket, encryption } = options;
  let opened: Promise<{ client: S3Client; sdk: typeof import('@aws-sdk/client-s3') }> | undefined;
  const open = () => {
    opened ??= import('@aws-sdk/client-s3').then((sdk) => ({ sdk, client: new sdk.S3Client(configOf(options)) }));
    return opened;
  };
  return {
    write: (Key, Body, abortSignal) =>
      doing('write', abortSignal, async () => {
        const { client, sdk } = await open();
        await client.send(new sdk.PutObjectCommand({ Bucket, Key, Body, ...headersOf(encryption) }), { abortSignal });
      }),
    size: (Key, abortSignal) =>
      doing('read', abortSignal, async () => {
        const { client, sdk } = await open();
        const head = client.send(new sdk.HeadObjectCommand({ Bucket, Key }), { abortSignal });
        return (await orNothing(head))?.ContentLength;
      }),
    read: (Key, abortSignal) =>
      doing('read', abortSignal, async () => {
        const { client, sdk } = await open();
        const got = await orNothing(client.send(new sdk.GetObjectCommand({ Bucket, Key }), { abortSignal }));
        if (got?.Body === undefined) return undefined;
        const limits = { maxBytes: 2 * planLimits.bodyBytes, expectedBytes: got.ContentLength };
        return new Uint8Array(await collectBody(got.Body as AsyncIterable<Uint8Array>, limits));
      }),
    list: (Prefix, abortSignal) =>
      doing('list', abortSignal, async () => {
        const { client, sdk } = await open();
        const all: Listed[] = [];
        for await (const page of sdk.paginateListObjectsV2({ client }, { Bucket, Prefix }, { abortSignal })) {
          for (const { Key, LastModified } of page.Contents ?? []) {
            if (Key !== undefined) all.push({ key: Key, writtenMs: LastModified?.getTime() ?? 0 });
          }
        }
        return all;
      }),
    remove: (Key, abortSignal) =>
      doing('delete', abortSignal, async () => {
        const { client, sdk } = await open();
        await client.send(new sdk.DeleteObjectCommand({ Bucket, Key }), { abortSignal });
      }),
  };
}

function configOf({ endpoint, useTls, region, credentials }: S3Options): S3ClientConfig {
  const [host = ''] = endpoint.split(':');
  const isAws = /(^|\.)amazonaws\.com(\.cn)?$/.test(host);
  return {
    // The bare name leads to any region: there the SDK knows the way itself.
    ...(host === 's3.amazonaws.com' ? {} : { endpoint: `${useTls ? 'https' : 'http'}://${endpoint}` }),
    region: region || (isAws ? regionIn(host) : undefined) || 'us-east-1',
    forcePathStyle: !isAws, // else the bucket would have to be in the server's DNS and certificate
    followRegionRedirects: isAws,
    // Servers other than AWS refuse the checksums that the SDK adds of its own accord. Entries hold one of their own.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...credentialsOf(credentials),
  };
}

/** As in `s3.eu-west-1.amazonaws.com`. */
function regionIn(host: string): string | undefined {
  return /\b([a-z]{2}(?:-[a-z]+)+-\d)\b/.exec(host)?.[1];
}

function credentialsOf(credentials: S3Credentials): S3ClientConfig {
  switch (credentials.are) {
    case 'ambient':
      return {};
    case 'none':
      return { signer: { sign: async (request) => request }, credentials: { accessKeyId: '', secretAccessKey: '' } };
    case 'static': {
      const { are: _static, ...keys } = credentials;
      return { credentials: keys };
    }
    default:
      return credentials satisfies never;
  }
}

function headersOf(encryption: S3Encryption) {
  switch (encryption.by) {
    case 'none':
      return {};
    case 's3':
      return { ServerSideEncryption: 'AES256' } as const;
    case 'kms': {
      const { keyId } = encryption;
      return { ServerSideEncryption: 'aws:kms', ...(keyId === undefined ? {} : { SSEKMSKeyId: keyId }) } as const;
    }
    default:
      return encryption satisfies never;
  }
}

async function doing<T>(what: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    throw new StoreError(what, whyOf(error), error);
  }
}

/** The error's name or code: messages quote keys of requests and names of accounts. */
function whyOf(error: unknown): string {
  if (error instanceof BodyTooLarge) return 'an entry is larger than any can be';
  const { name, code, $metadata } = error as S3Error;
  if (name === 'CredentialsProviderError') return 'there are no credentials';
  const status = $metadata?.httpStatusCode;
  if (status !== undefined)
    return /^\w+$/.test(name) && name !== 'Unknown' ? `${name} (HTTP ${status})` : `HTTP ${status}`;
  return code ?? 'it does not answer as S3 does';
}

interface S3Error {
  readonly name: string;
  /** Node's, where no answer came. */
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Where there is no bucket a HEAD says as little: the next write tells. */
async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && (error.name === 'NotFound' || error.name === 'NoSuchKey')) return undefined;
    throw error;
  }
}
