import { choiceFlag, hostFlag, secretFlag, switchFlag, textFlag } from '../kinds.ts';

export const rollbackStoreFlags = {
  rollbackStorePath: textFlag({
    name: 'rollback-store-path',
    value: 'FOLDER',
    fallback: '',
    help: 'Where what was applied is kept for rollbacks: a volume that all replicas share, and that is encrypted, for Secrets are in it. Empty: not in a folder.',
  }),
  rollbackStoreS3Endpoint: hostFlag({
    name: 'rollback-store-s3-endpoint',
    fallback: '',
    help: 'The same in a bucket: the host of an S3 server, such as s3.eu-west-1.amazonaws.com or minio.minio.svc:9000. Empty, or without a bucket: not in S3.',
  }),
  rollbackStoreS3Bucket: textFlag({
    name: 'rollback-store-s3-bucket',
    value: 'NAME',
    fallback: '',
    help: 'A bucket that exists.',
  }),
  rollbackStoreS3Prefix: textFlag({
    name: 'rollback-store-s3-prefix',
    value: 'PATH',
    fallback: '',
    help: 'Before each key, where the bucket is not for this controller alone.',
  }),
  rollbackStoreS3Region: textFlag({
    name: 'rollback-store-s3-region',
    value: 'NAME',
    fallback: '',
    help: 'Region of the bucket. Empty: the one that the endpoint names, else us-east-1, which servers other than AWS take.',
  }),
  rollbackStoreS3UseSsl: switchFlag({
    name: 'rollback-store-s3-use-ssl',
    fallback: true,
    help: 'Speak TLS with the S3 server.',
  }),
  rollbackStoreS3AccessKey: secretFlag({
    name: 'rollback-store-s3-access-key',
    value: 'ID',
    environment: 'STAGESET_ROLLBACK_STORE_S3_ACCESS_KEY',
    help: 'Access key. Empty: ambient credentials (AWS_ACCESS_KEY_ID and its kin, web identity, metadata of container or machine).',
  }),
  rollbackStoreS3SecretKey: secretFlag({
    name: 'rollback-store-s3-secret-key',
    value: 'KEY',
    environment: 'STAGESET_ROLLBACK_STORE_S3_SECRET_KEY',
    help: 'The secret that belongs to the access key.',
  }),
  rollbackStoreS3SessionToken: secretFlag({
    name: 'rollback-store-s3-session-token',
    value: 'TOKEN',
    environment: 'STAGESET_ROLLBACK_STORE_S3_SESSION_TOKEN',
    help: 'Session token, where the access key is a temporary one.',
  }),
  rollbackStoreS3Anonymous: switchFlag({
    name: 'rollback-store-s3-anonymous',
    fallback: false,
    help: 'Sign no request.',
  }),
  rollbackStoreS3Sse: choiceFlag({
    name: 'rollback-store-s3-sse',
    choices: ['none', 's3', 'kms'],
    fallback: 's3',
    help: 'How the server is to encrypt: Secrets are in what it keeps.',
  }),
  rollbackStoreS3SseKmsKey: textFlag({
    name: 'rollback-store-s3-sse-kms-key',
    value: 'ARN',
    fallback: '',
    help: 'Key for --rollback-store-s3-sse=kms. Empty: the bucket’s own.',
  }),
} as const;
