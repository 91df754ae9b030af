import { statSync } from 'node:fs';
import type { KeyMeans } from '../../main/build/build-with-keys.ts';
import { StageError } from '../../main/outcome/outcome.ts';
import { describeViolation } from '../../shared/api/validate/violation.ts';
import { validateStageSet } from '../../shared/api/validate.ts';
import { parseExact } from '../../shared/json/exact-json.ts';
import { maskSecrets } from '../../shared/objects/mask.ts';
import type { StagePlan } from '../../shared/protocol/tasks.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import { RuntimeError, UsageError } from '../cli-error.ts';
import { explainError } from '../cluster/explain-error.ts';
import { runTask } from '../tasks.ts';
import type { BuildFlags, Subject } from './flags.ts';
import type { Origin } from './origin.ts';
import { renderStages } from './render-stages.ts';
import { parseSourceDirs, selectStages } from './source-dirs.ts';

/** What the stages of a StageSet render, stage after stage, as it would be applied. */
export async function buildStageSet(
  subject: Exclude<Subject, { readonly is: 'folder' }>,
  flags: BuildFlags,
): Promise<readonly YamlMap[]> {
  await using closing = new AsyncDisposableStack();
  const { signal } = new AbortController();
  const sourceDirs = parseSourceDirs(flags.sourceDir ?? []);
  const origin = await originOf(subject, flags, closing, signal);
  refuseInvalid(origin);
  const wanted = selectStages(origin.set.spec.stages, flags.stage ?? [], sourceDirs);
  const means = { runTask, unwrapKeys: keyServicesOfUser(closing) };
  const rendered = await renderStages(origin, { wanted, sourceDirs, means, signal }).catch((error: unknown) => {
    throw withRemedy(error, origin);
  });
  return rendered.flatMap(({ plan }) => objectsOf(plan, flags));
}

async function originOf(
  subject: Exclude<Subject, { readonly is: 'folder' }>,
  flags: BuildFlags,
  closing: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<Origin> {
  switch (subject.is) {
    case 'file':
      return (await import('./from-file.ts')).originFromFile(subject.file, flags);
    case 'name': {
      const { originFromCluster } = await import('./from-cluster.ts');
      return originFromCluster(subject.name, flags, closing, signal).catch((error: unknown) => {
        throw hintingAtFolder(explainError(error), subject.name);
      });
    }
    default:
      return subject satisfies never;
  }
}

/** A name without a slash is never a folder, which is easily forgotten in front of one. */
function hintingAtFolder(error: unknown, name: string): unknown {
  const isFolder = statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder || !(error instanceof Error) || error instanceof UsageError) return error;
  return new RuntimeError(`${error.message}; if you mean the folder, say ./${name}`, { cause: error });
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

/** In the build's own order: a plan has them in the order in which they are applied. */
function objectsOf({ objects, bodies }: StagePlan, { showSecrets = false }: BuildFlags): readonly YamlMap[] {
  const decoder = new TextDecoder();
  return objects
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ offset, length, secretIn }) => {
      const object = parseExact(decoder.decode(new Uint8Array(bodies, offset, length))) as YamlMap;
      return showSecrets ? object : maskSecrets(object, { secretIn });
    });
}
