import { type Clock, systemClock } from '../../shared/time/clock.ts';
import type { OutboundClient } from '../outbound/client.ts';
import { awsService } from './aws.ts';
import { azureService } from './azure.ts';
import { ownAzureToken, tenantAzureToken } from './azure-token.ts';
import { gcpService } from './gcp.ts';
import { gcpAccessToken } from './gcp-token.ts';
import { huaweiService, type KeyServices } from './key-service.ts';
import { patiently } from './patiently.ts';
import { vaultService } from './vault.ts';

export interface KeyAccess {
  /** The key Secret's entries, by name. */
  readonly entries: ReadonlyMap<string, string>;
  /** For what a tenant's file names. */
  readonly guarded: OutboundClient;
  /** For what the operator or a cloud's own library names. */
  readonly unguarded: OutboundClient;
  readonly env: NodeJS.ProcessEnv;
  readonly clock?: Clock;
}

/** With the tenant's credentials where the Secret has an entry for them, else with the controller's own. */
export function keyServices({ entries, guarded, unguarded, env, clock = systemClock }: KeyAccess): KeyServices {
  const azureEntry = entries.get('sops.azure-kv');
  const { VAULT_ADDR: address, VAULT_TOKEN: token } = env;
  const aws = awsService({ tenantCredentials: entries.get('sops.aws-kms') });
  const gcp = gcpService({ accessToken: gcpAccessToken(entries.get('sops.gcp-kms')), unguarded });
  const azure = azureService({
    ownToken: ownAzureToken,
    tenantToken: azureEntry === undefined ? undefined : tenantAzureToken(azureEntry),
    guarded,
  });
  const vault = vaultService({
    own: address === undefined || token === undefined ? undefined : { address, token },
    tenantToken: entries.get('sops.vault-token')?.trim(),
    guarded,
    unguarded,
  });
  return {
    kms: patiently(aws, { clock }),
    gcp_kms: patiently(gcp, { clock }),
    azure_kv: patiently(azure, { clock }),
    hc_vault: patiently(vault, { clock }),
    hckms: huaweiService,
  };
}
