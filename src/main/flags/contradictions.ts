import { type BindAddress, excludeEachOther, parseBindAddress } from '../servers/address.ts';
import type { Settings } from './table.ts';

/** What is wrong with flags that are each fine alone: the first that objects. */
export function contradictionIn(settings: Settings): string | undefined {
  for (const rule of rules) {
    const contradiction = rule(settings);
    if (contradiction !== undefined) return contradiction;
  }
  return undefined;
}

type Rule = (settings: Settings) => string | undefined;

const rules: readonly Rule[] = [
  oneRollbackStore,
  soundS3Access,
  kmsKeyOfKms,
  workersWithinMax,
  burstOfQps,
  selfSignedKnowsItsConfiguration,
  mutationsOfMcp,
  oneNameForLogFlags,
  portsOfTheirOwn,
];

function oneRollbackStore({ rollbackStorePath, rollbackStoreS3Endpoint }: Settings): string | undefined {
  if (rollbackStorePath === '' || rollbackStoreS3Endpoint === '') return undefined;
  return '--rollback-store-path and --rollback-store-s3-endpoint exclude each other: there is one rollback store';
}

function soundS3Access(settings: Settings): string | undefined {
  const { rollbackStoreS3AccessKey, rollbackStoreS3SecretKey, rollbackStoreS3SessionToken } = settings;
  if ((rollbackStoreS3AccessKey === '') !== (rollbackStoreS3SecretKey === '')) {
    return '--rollback-store-s3-access-key and --rollback-store-s3-secret-key go together: give both or neither';
  }
  if (rollbackStoreS3SessionToken !== '' && rollbackStoreS3AccessKey === '') {
    return '--rollback-store-s3-session-token belongs to a --rollback-store-s3-access-key: give both or neither';
  }
  if (settings.rollbackStoreS3Anonymous && rollbackStoreS3AccessKey !== '') {
    return '--rollback-store-s3-anonymous and --rollback-store-s3-access-key exclude each other';
  }
  return undefined;
}

function kmsKeyOfKms({ rollbackStoreS3Sse, rollbackStoreS3SseKmsKey }: Settings): string | undefined {
  if (rollbackStoreS3SseKmsKey === '' || rollbackStoreS3Sse === 'kms') return undefined;
  return '--rollback-store-s3-sse-kms-key wants --rollback-store-s3-sse=kms beside it';
}

function workersWithinMax({ workers, workersMax }: Settings): string | undefined {
  if (workers === 'auto' || workersMax === 'auto' || workers <= workersMax) return undefined;
  return `--workers=${workers} is more than --workers-max=${workersMax} lets there be`;
}

function burstOfQps({ kubeApiBurst, kubeApiQps }: Settings): string | undefined {
  if (kubeApiBurst === 0 || kubeApiQps > 0) return undefined;
  return '--kube-api-burst wants --kube-api-qps beside it';
}

function selfSignedKnowsItsConfiguration(settings: Settings): string | undefined {
  const { enableWebhook, webhookCertMode, webhookValidatingConfigName } = settings;
  if (!enableWebhook || webhookCertMode !== 'self-signed' || webhookValidatingConfigName !== '') return undefined;
  return '--webhook-cert-mode=self-signed wants --webhook-validating-config-name beside it';
}

function mutationsOfMcp({ mcpAllowMutations, enableMcp, mcpBindAddress }: Settings): string | undefined {
  if (!mcpAllowMutations || enableMcp || mcpBindAddress !== '') return undefined;
  return '--mcp-allow-mutations wants --mcp-bind-address or --enable-mcp beside it';
}

function oneNameForLogFlags(settings: Settings): string | undefined {
  if (settings.logLevel !== undefined && settings.zapLogLevel !== undefined) {
    return '--log-level and --zap-log-level are the same: give one of them';
  }
  if (settings.logEncoding !== undefined && settings.zapEncoder !== undefined) {
    return '--log-encoding and --zap-encoder are the same: give one of them';
  }
  return undefined;
}

/** Two on one port go together where their addresses differ and neither covers the other; port 0 is any that is free. */
function portsOfTheirOwn(settings: Settings): string | undefined {
  const wanted = [
    ['--metrics-bind-address', settings.metricsBindAddress],
    ['--health-probe-bind-address', settings.healthProbeBindAddress],
    ['--gate-bind-address', settings.gateBindAddress],
    ['--mcp-bind-address', settings.mcpBindAddress === '' && settings.enableMcp ? ':8084' : settings.mcpBindAddress],
    ['--webhook-port', settings.enableWebhook ? `:${settings.webhookPort}` : ''],
  ] as const;
  const taken: { readonly flag: string; readonly text: string; readonly address: BindAddress }[] = [];
  for (const [flag, text] of wanted) {
    const address = parseBindAddress(text);
    if (address === undefined || address.port === 0) continue;
    const other = taken.find((each) => excludeEachOther(each.address, address));
    if (other !== undefined)
      return `${other.flag} wants ${other.text} and ${flag} ${text}: give them ports of their own`;
    taken.push({ flag, text, address });
  }
  return undefined;
}
