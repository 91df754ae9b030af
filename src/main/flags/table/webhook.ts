import { choiceFlag, countFlag, durationFlag, nameFlag, switchFlag, textFlag } from '../kinds.ts';

export const webhookFlags = {
  enableWebhook: switchFlag({
    name: 'enable-webhook',
    fallback: true,
    help: 'Serve the admission webhook that validates StageSets.',
  }),
  webhookPort: countFlag({
    name: 'webhook-port',
    fallback: 9_443,
    min: 0,
    max: 65_535,
    help: 'Port of the webhook.',
  }),
  webhookCertMode: choiceFlag({
    name: 'webhook-cert-mode',
    choices: ['cert-manager', 'self-signed'],
    fallback: 'cert-manager',
    help: 'Whence its certificate: from mounted files that cert-manager keeps, or made here, with the CA put into the ValidatingWebhookConfiguration.',
  }),
  webhookCertDir: textFlag({
    name: 'webhook-cert-dir',
    value: 'FOLDER',
    fallback: '/tmp/k8s-webhook-server/serving-certs',
    help: 'Where tls.crt and tls.key lie.',
  }),
  webhookCertValidityMs: durationFlag({
    name: 'webhook-cert-validity',
    fallback: '8760h',
    atLeast: '1m', // less, and it is renewed over and over, or has expired before it is served
    help: 'How long a self-signed certificate is valid, 1m at least; it is renewed after a third of that.',
  }),
  webhookServiceName: nameFlag({
    name: 'webhook-service-name',
    fallback: 'stageset-controller-webhook',
    help: 'Service that leads to the webhook; a self-signed certificate names it.',
  }),
  webhookServiceNamespace: nameFlag({
    name: 'webhook-service-namespace',
    fallback: '',
    help: 'Namespace of that Service. Empty: the one this pod runs in.',
  }),
  webhookValidatingConfigName: nameFlag({
    name: 'webhook-validating-config-name',
    fallback: '',
    help: 'ValidatingWebhookConfiguration whose caBundle is kept up to date; --webhook-cert-mode=self-signed needs it.',
  }),
  webhookCaLimit: countFlag({
    name: 'webhook-ca-limit',
    fallback: 8,
    min: 1,
    max: 1_000,
    help: 'Most certificates in that caBundle, the newest; at least two for each replica.',
  }),
} as const;
