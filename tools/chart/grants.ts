import { fluxSourceKinds } from '../../src/shared/flux-sources.ts';

/** As RBAC writes it. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** What the controller asks of the API server in its own name. What it asks as a tenant is that tenant's to be granted. */
export interface Grant extends Rule {
  readonly for: string;
  /** `watched`: wherever it looks; `cluster`: outside of namespaces, always; `release`: in its own namespace. */
  readonly in: 'watched' | 'cluster' | 'release';
  /** Absent: always. */
  readonly when?: Circumstance;
  /** A template of the chart that yields the one name that may be touched. */
  readonly nameTemplate?: string;
}

export type Circumstance = keyof typeof circumstances;

/** As conditions of the chart's templates. */
export const circumstances = {
  clusterWide: 'not .Values.controller.watchNamespaces',
  scoped: '.Values.controller.watchNamespaces',
  impersonating: 'eq .Values.controller.tenantAuth "impersonate"',
  requestingTokens: 'eq .Values.controller.tenantAuth "token"',
  electing: 'or .Values.controller.leaderElect (gt (int .Values.controller.shards) 1)',
  signingForItself: 'and .Values.webhook.enabled (eq .Values.webhook.certMode "self-signed")',
  takingTokens: 'and .Values.mcp.enabled .Values.mcp.allowMutations (eq .Values.mcp.auth "token")',
} as const;

const ours = 'stages.metio.wtf';
const plurals = {
  ExternalArtifact: 'externalartifacts',
  GitRepository: 'gitrepositories',
  OCIRepository: 'ocirepositories',
  Bucket: 'buckets',
} as const satisfies Record<(typeof fluxSourceKinds)[number], string>;

/** All of it: the chart's roles are made from this list, and a test holds that each line of it is needed and that none is missing. */
export const grants: readonly Grant[] = [
  {
    for: 'StageSets: what to do, finalizers, and suspending for agents',
    in: 'watched',
    apiGroups: [ours],
    resources: ['stagesets'],
    verbs: ['get', 'list', 'watch', 'patch'],
  },
  { for: 'how it went', in: 'watched', apiGroups: [ours], resources: ['stagesets/status'], verbs: ['patch'] },
  {
    for: 'inventories that keep their StageSet from going before them, where the API server asks who may say so',
    in: 'watched',
    apiGroups: [ours],
    resources: ['stagesets/finalizers'],
    verbs: ['update'],
  },
  {
    for: 'what was applied',
    in: 'watched',
    apiGroups: [ours],
    resources: ['stageinventories'],
    verbs: ['list', 'watch', 'create', 'patch', 'delete'],
  },
  {
    for: 'sources',
    in: 'watched',
    apiGroups: ['source.toolkit.fluxcd.io'],
    resources: fluxSourceKinds.map((kind) => plurals[kind]),
    verbs: ['list', 'watch'],
  },
  { for: 'events', in: 'watched', apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
  {
    for: 'which cluster this is, and whether a namespace is on its way out',
    in: 'watched',
    apiGroups: [''],
    resources: ['namespaces'],
    verbs: ['get'],
  },
  {
    for: 'acting as the ServiceAccount that a StageSet names',
    in: 'watched',
    when: 'impersonating',
    apiGroups: [''],
    resources: ['serviceaccounts'],
    verbs: ['impersonate'],
  },
  {
    for: 'acting as the ServiceAccount that a StageSet names',
    in: 'watched',
    when: 'requestingTokens',
    apiGroups: [''],
    resources: ['serviceaccounts/token'],
    verbs: ['create'],
  },
  {
    for: 'showing a tenant what shared watches bring only where it might watch itself',
    in: 'watched',
    when: 'clusterWide',
    apiGroups: ['authorization.k8s.io'],
    resources: ['subjectaccessreviews'],
    verbs: ['create'],
  },
  {
    for: 'showing a tenant what shared watches bring only where it might watch itself',
    in: 'watched',
    when: 'scoped',
    apiGroups: ['authorization.k8s.io'],
    resources: ['localsubjectaccessreviews'],
    verbs: ['create'],
  },
  {
    for: 'noticing new kinds',
    in: 'watched',
    when: 'clusterWide',
    apiGroups: ['apiextensions.k8s.io'],
    resources: ['customresourcedefinitions'],
    verbs: ['list', 'watch'],
  },
  {
    for: 'the bundle of authorities that replicas share',
    in: 'cluster',
    when: 'signingForItself',
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['validatingwebhookconfigurations'],
    nameTemplate: 'stageset-controller.fullname',
    verbs: ['get', 'update'],
  },
  {
    for: 'whose token an agent shows',
    in: 'cluster',
    when: 'takingTokens',
    apiGroups: ['authentication.k8s.io'],
    resources: ['tokenreviews'],
    verbs: ['create'],
  },
  {
    for: 'leader election and shards',
    in: 'release',
    when: 'electing',
    apiGroups: ['coordination.k8s.io'],
    resources: ['leases'],
    verbs: ['list', 'create', 'update'],
  },
];

/** Of whatever `rbac.watchedKinds` names. */
export const verbsOfWatchedKinds = ['list', 'watch'] as const;
