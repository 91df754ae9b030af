import type { KeyMeans } from '../../main/build/build-with-keys.ts';
import { StageError } from '../../main/outcome/outcome.ts';
import { describeViolation } from '../../shared/api/validate/violation.ts';
import { validateStageSet } from '../../shared/api/validate.ts';
import { RuntimeError } from '../cli-error.ts';
import { runTask } from '../tasks.ts';
import type { Origin } from './origin.ts';
import { type RenderedStage, type RenderOptions, renderStages } from './render-stages.ts';

/** The plans of these stages, with what this machine has to decrypt with. */
export async function renderFrom(
  origin: Origin,
  what: Pick<RenderOptions, 'wanted' | 'sourceDirs'>,
  closing: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<readonly RenderedStage[]> {
  refuseInvalid(origin);
  const means = { runTask, unwrapKeys: keyServicesOfUser(closing) };
  return renderStages(origin, { ...what, means, signal }).catch((error: unknown) => {
    throw withRemedy(error, origin);
  });
}

/** The controller's own routine, so that what is built here is what runs there. */
function refuseInvalid({ set }: Origin): void {
  const violations = validateStageSet(set).filter(({ atRunTime }) => atRunTime === undefined);
  if (violations.length === 0) return;
  const { namespace, name } = set.metadata;
  throw new RuntimeError(`StageSet ${namespace}/${name} is not valid: ${violations.map(describeViolation).join('; ')}`);
}

/** Whoever gave no key learns here how to give one. */
function withRemedy(error: unknown, { keys }: Origin): unknown {
  if (!(error instanceof StageError) || keys?.size !== 0 || !error.message.includes('cannot be decrypted'))
    return error;
  return new RuntimeError(`${error.message}: give the key with --age-key-file or --pgp-key-file`, { cause: error });
}

/** Key services are asked with what this machine is allowed; what a file names is kept from its metadata addresses. */
function keyServicesOfUser(closing: AsyncDisposableStack): KeyMeans['unwrapKeys'] {
  return async (wanted, entries, signal) => {
    const [{ OutboundClient }, { keyServices }, { unwrapKeys }] = await Promise.all([
      import('../../main/outbound/client.ts'),
      import('../../main/decrypt/key-services.ts'),
      import('../../main/decrypt/unwrap-keys.ts'),
    ]);
    const guarded = new OutboundClient({ allowLoopback: true, allowLinkLocal: false });
    const unguarded = new OutboundClient({ allowLoopback: true, allowLinkLocal: true });
    closing.defer(async () => {
      await Promise.all([guarded.close(), unguarded.close()]);
    });
    return unwrapKeys(wanted, keyServices({ entries, guarded, unguarded, env: process.env }), signal);
  };
}
