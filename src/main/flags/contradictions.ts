import type { Settings } from './table.ts';

/** What is wrong with flags that are each fine alone. */
export function contradictionIn(settings: Settings): string | undefined {
  const { rollbackStorePath, rollbackStoreS3Endpoint, rollbackStoreS3AccessKey, rollbackStoreS3SecretKey } = settings;
  if (rollbackStorePath !== '' && rollbackStoreS3Endpoint !== '') {
    return '--rollback-store-path and --rollback-store-s3-endpoint exclude each other: there is one rollback store';
  }
  if ((rollbackStoreS3AccessKey === '') !== (rollbackStoreS3SecretKey === '')) {
    return '--rollback-store-s3-access-key and --rollback-store-s3-secret-key go together: give both or neither';
  }
  return undefined;
}
