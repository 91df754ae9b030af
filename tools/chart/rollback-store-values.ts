import { choice, fromFlag, listOf, nameOrNone, quantity, type Values } from './value.ts';

export const rollbackStoreValues: Values = {
  backend: {
    says: 'none: only what a producer still has can be restored. pvc: a volume that encrypts. s3: a bucket.',
    fallback: 'none',
    schema: choice('none', 'pvc', 's3'),
  },
  pvc: {
    values: {
      existingClaim: { says: 'A claim that is there. Empty: one is made.', fallback: '', schema: nameOrNone },
      accessModes: {
        says: 'More than one replica needs ReadWriteMany.',
        fallback: ['ReadWriteOnce'],
        schema: { ...listOf(choice('ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod')), minItems: 1 },
      },
      storageClass: { says: 'Empty: the cluster’s default.', fallback: '', schema: nameOrNone },
      size: {
        says: 'How much it holds.',
        fallback: '1Gi',
        schema: { ...quantity, exclusiveMinimum: 0, not: { type: 'string', pattern: '^[0.]*[^0-9.]*$' } },
      },
    },
  },
  s3: {
    values: {
      endpoint: fromFlag('rollbackStoreS3Endpoint', {
        says: 'Host of an S3 server, such as s3.eu-west-1.amazonaws.com or minio.minio.svc:9000.',
        schema: { type: 'string', pattern: '^[^/]*$' },
      }),
      bucket: fromFlag('rollbackStoreS3Bucket'),
      prefix: fromFlag('rollbackStoreS3Prefix'),
      region: fromFlag('rollbackStoreS3Region'),
      useSSL: fromFlag('rollbackStoreS3UseSsl'),
      existingSecret: {
        says: 'Secret with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, where it has one, AWS_SESSION_TOKEN. Empty: ambient credentials.',
        fallback: '',
        schema: nameOrNone,
      },
      anonymous: fromFlag('rollbackStoreS3Anonymous'),
      sse: fromFlag('rollbackStoreS3Sse'),
      sseKmsKeyId: fromFlag('rollbackStoreS3SseKmsKey', { says: 'Key for sse=kms. Empty: the bucket’s own.' }),
    },
  },
};
