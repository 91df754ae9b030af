import { prometheusRuleValues } from './alert-values.ts';
import { controllerValues } from './controller-values.ts';
import { podValues } from './pod-values.ts';
import { rollbackStoreValues } from './rollback-store-values.ts';
import {
  choice,
  fromFlag,
  having,
  labelOrNone,
  listOf,
  promDuration,
  someText,
  text,
  texts,
  truth,
  type Values,
} from './value.ts';

const peers = listOf({ type: 'object', minProperties: 1 });
const on = (says: string) => ({ says, fallback: true, schema: truth });
const off = (says: string) => ({ says, fallback: false, schema: truth });

/** Everything that can be set, in the order of `values.yaml`: that file, its schema, the reference page and the arguments are made from this. */
export const values: Values = {
  nameOverride: { says: 'Instead of the chart’s name in names of objects.', fallback: '', schema: labelOrNone },
  fullnameOverride: { says: 'Instead of the release’s and the chart’s name.', fallback: '', schema: labelOrNone },
  namespace: {
    values: {
      create: off(
        'Keep the namespace of the release as part of it, with labels for Pod Security. Helm itself has made it by then: install with --create-namespace --take-ownership.',
      ),
      pssLevel: {
        says: 'What Pod Security enforces, warns about and audits there.',
        fallback: 'restricted',
        schema: choice('restricted', 'baseline', 'privileged'),
      },
    },
  },
  ...podValues,
  controller: { says: 'Flags of the controller.', values: controllerValues },
  rbac: {
    values: {
      clusterAdmin: off(
        'Bind the controller to cluster-admin, so that StageSets without serviceAccountName apply whatever they bring: for clusters with one operator only. With controller.watchNamespaces: in these namespaces.',
      ),
      watchedKinds: {
        says: 'Kinds that one watch each may tell of, Secrets’ metadata and all. What is left out is listed as the tenant, once a run, and its drift is corrected at the interval.',
        fallback: [{ apiGroups: ['*'], resources: ['*'] }],
        schema: listOf({
          type: 'object',
          additionalProperties: false,
          required: ['apiGroups', 'resources'],
          properties: {
            apiGroups: { ...listOf(text), minItems: 1 },
            resources: { ...listOf(someText), minItems: 1 },
          },
        }),
      },
    },
  },
  crds: {
    values: {
      create: on('Install the CustomResourceDefinitions; helm uninstall leaves them and all StageSets in place.'),
    },
  },
  webhook: {
    values: {
      enabled: fromFlag('enableWebhook'),
      certMode: fromFlag('webhookCertMode', { fallback: 'self-signed' }),
      certValidity: fromFlag('webhookCertValidityMs', {
        says: 'How long a certificate is valid, with either mode.',
      }),
      issuerRef: {
        says: 'With cert-manager: who signs. Empty: an Issuer of the chart, which signs for itself.',
        fallback: {},
        schema: { type: 'object', anyOf: [{ maxProperties: 0 }, having('name')] },
      },
    },
  },
  gate: { values: { enabled: on('Serve /gate/NAMESPACE/STAGESET/STAGE on port 8082, and a Service for it.') } },
  mcp: {
    says: 'The Model Context Protocol for agents, at :8084/mcp.',
    values: {
      enabled: fromFlag('enableMcp', { says: 'Serve it, and a Service for it.' }),
      allowMutations: fromFlag('mcpAllowMutations'),
      auth: fromFlag('mcpAuth'),
    },
  },
  rollbackStore: {
    says: 'Where what was applied is kept for rollbacks. Secrets are in it.',
    values: rollbackStoreValues,
  },
  metrics: {
    values: {
      enabled: on('Serve /metrics on port 8080, and a Service for it.'),
      serviceMonitor: {
        says: 'For the Prometheus operator.',
        values: {
          enabled: off('Have the controller scraped.'),
          interval: {
            says: 'How often. Empty: as Prometheus is set up.',
            fallback: '',
            schema: { anyOf: [{ const: '' }, promDuration] },
          },
          labels: { says: 'Labels by which Prometheus selects it.', fallback: {}, schema: texts },
        },
      },
      prometheusRule: { says: 'For the Prometheus operator, too.', values: prometheusRuleValues },
      dashboard: {
        says: 'A dashboard for Grafana.',
        values: {
          enabled: off('Put it into a ConfigMap.'),
          labels: {
            says: 'Labels by which Grafana’s sidecar finds it.',
            fallback: { grafana_dashboard: '1' },
            schema: texts,
          },
          annotations: { says: 'Such as the folder it belongs into.', fallback: {}, schema: texts },
        },
      },
    },
  },
  networkPolicy: {
    values: {
      enabled: off('Admit only what is to reach the pods: webhook, metrics, gate and MCP. Egress stays as it is.'),
      gateFrom: { says: 'NetworkPolicyPeers that may ask the gate. Empty: all.', fallback: [], schema: peers },
      metricsFrom: { says: 'Those that may scrape.', fallback: [], schema: peers },
      mcpFrom: { says: 'Those that may speak MCP.', fallback: [], schema: peers },
    },
  },
};
