import type { Settings } from '../flags/table.ts';
import type { Log } from '../log/log.ts';
import type { Blobs } from './blobs.ts';
import { folderBlobs } from './folder.ts';
import { RollbackStore, type RollbackStoreOptions } from './rollback-store.ts';
import { type S3Credentials, type S3Encryption, s3Blobs } from './s3.ts';

/** Undefined where the flags name none: an endpoint without a bucket is none either. */
export function openStore(
  settings: Settings,
  { log, ...means }: Pick<RollbackStoreOptions, 'clock' | 'budget'> & { readonly log: Log },
): RollbackStore | undefined {
  if (settings.rollbackStorePath !== '') {
    log.info('the rollback store is a folder: Secrets lie there in clear, so its volume has to be encrypted');
    return new RollbackStore({ ...means, blobs: folderBlobs(settings.rollbackStorePath), prefix: '' });
  }
  const blobs = bucketOf(settings);
  return blobs && new RollbackStore({ ...means, blobs, prefix: folderFrom(settings.rollbackStoreS3Prefix) });
}

function bucketOf(settings: Settings): Blobs | undefined {
  const { rollbackStoreS3Endpoint: endpoint, rollbackStoreS3Bucket: bucket } = settings;
  if (endpoint === '' || bucket === '') return undefined;
  return s3Blobs({
    endpoint,
    bucket,
    useTls: settings.rollbackStoreS3UseSsl,
    region: settings.rollbackStoreS3Region,
    credentials: credentialsOf(settings),
    encryption: encryptionOf(settings),
  });
}

function credentialsOf(settings: Settings): S3Credentials {
  if (settings.rollbackStoreS3Anonymous) return { are: 'none' };
  const { rollbackStoreS3AccessKey: accessKeyId, rollbackStoreS3SecretKey: secretAccessKey } = settings;
  if (accessKeyId === '') return { are: 'ambient' };
  const { rollbackStoreS3SessionToken: sessionToken } = settings;
  return { are: 'static', accessKeyId, secretAccessKey, ...(sessionToken === '' ? {} : { sessionToken }) };
}

function encryptionOf({ rollbackStoreS3Sse: by, rollbackStoreS3SseKmsKey: keyId }: Settings): S3Encryption {
  if (by !== 'kms') return { by };
  return keyId === '' ? { by } : { by, keyId };
}

function folderFrom(prefix: string): string {
  const path = prefix.replace(/^\/+|\/+$/g, '');
  return path === '' ? '' : `${path}/`;
}
