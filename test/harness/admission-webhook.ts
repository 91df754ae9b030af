import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { layoutIn } from '../../tools/control-plane/layout.ts';
import type { Scene } from './scene.ts';

export interface Review {
  readonly uid: string;
  readonly name: string;
  readonly dryRun: boolean;
  readonly object: KubeObject & { readonly data?: Readonly<Record<string, string>> };
}

export interface Ruling {
  readonly allowed: boolean;
  /** Of a denial: what the API server passes on. */
  readonly status?: {
    readonly code?: number;
    readonly reason?: string;
    readonly message?: string;
    readonly details?: object;
  };
  /** RFC 6902, of a mutating webhook. */
  readonly patch?: readonly object[];
}

export interface Webhook {
  readonly kind: 'Validating' | 'Mutating';
  /** As the rules name it, such as `configmaps`. */
  readonly resource: string;
  readonly rule: (review: Review) => Ruling;
}

/** A real webhook that fails closed, for one kind in the scene's namespace; resolves when it is asked. */
export async function startWebhook(t: TestContext, scene: Scene, webhook: Webhook): Promise<void> {
  // The API server's own certificate is for 127.0.0.1, and signs itself.
  const { serverCertificate } = layoutIn(scene.plane.dir);
  const certificate = await readFile(serverCertificate);
  const key = await readFile(serverCertificate.replace(/crt$/, 'key'));
  let asked = 0;
  const server = createServer({ cert: certificate, key }, async (request, response) => {
    asked += 1;
    const { request: review } = JSON.parse(await text(request)) as { readonly request: Review };
    const { patch, ...ruling } = webhook.rule(review);
    const patched = patch && { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') };
    const answer = { uid: review.uid, ...ruling, ...patched };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: answer }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { api, namespace } = scene;
  const configuration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${webhook.kind}WebhookConfiguration`,
    metadata: { name: namespace },
    webhooks: [
      {
        name: 'rules.example.test',
        admissionReviewVersions: ['v1'],
        sideEffects: 'NoneOnDryRun',
        failurePolicy: 'Fail',
        clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle: certificate.toString('base64') },
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        rules: [
          { apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources: [webhook.resource] },
        ],
      },
    ],
  };
  t.after(async () => {
    await api.delete({ ...configuration, name: namespace });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  await api.create(configuration);
  const path = `/api/v1/namespaces/${namespace}/${webhook.resource}`;
  const kind = webhook.resource === 'secrets' ? 'Secret' : 'ConfigMap';
  await eventually(async () => {
    const probe = { apiVersion: 'v1', kind, metadata: { name: 'probe' } };
    await api.send('POST', path, { query: { dryRun: 'All' }, body: probe }).catch(() => {});
    if (asked === 0) throw new Error('the webhook is not asked yet');
  });
}
