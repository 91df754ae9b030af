import { addressFlag, choiceFlag, switchFlag, webAddressFlag } from '../kinds.ts';

export const endpointFlags = {
  gateBindAddress: addressFlag({
    name: 'gate-bind-address',
    off: '',
    fallback: ':8082',
    help: 'Address of /gate/NAMESPACE/STAGESET/STAGE, which tells whether a stage is Ready. Empty: nowhere.',
  }),
  mcpBindAddress: addressFlag({
    name: 'mcp-bind-address',
    off: '',
    fallback: '',
    help: 'Address of /mcp, the Model Context Protocol for agents, which only reads. Empty: nowhere, unless --enable-mcp.',
  }),
  enableMcp: switchFlag({
    name: 'enable-mcp',
    fallback: false,
    help: 'The same at :8084, where --mcp-bind-address names no other.',
  }),
  mcpAllowMutations: switchFlag({
    name: 'mcp-allow-mutations',
    fallback: false,
    help: 'Let agents reconcile, suspend and resume StageSets too.',
  }),
  mcpAuth: choiceFlag({
    name: 'mcp-auth',
    choices: ['token', 'none'],
    fallback: 'token',
    help: 'Whose mutations are taken: token: those of whoever has a bearer token of this cluster and may patch the StageSet. none: anybody’s who reaches the port.',
  }),
  metricsBindAddress: addressFlag({
    name: 'metrics-bind-address',
    off: '0',
    fallback: ':8080',
    help: 'Address of the Prometheus endpoint. 0: nowhere.',
  }),
  healthProbeBindAddress: addressFlag({
    name: 'health-probe-bind-address',
    off: '0',
    fallback: ':8081',
    help: 'Address of /healthz and /readyz. 0: nowhere.',
  }),
  eventsAddr: webAddressFlag({
    name: 'events-addr',
    fallback: '',
    help: 'Where Flux’s notification-controller takes events, such as http://notification-controller.flux-system/. Empty: events stay in Kubernetes.',
  }),
} as const;
