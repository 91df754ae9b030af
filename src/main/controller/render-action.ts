import { pathOf, sourceRefOf } from '../../shared/api/defaults.ts';
import type { Stage } from '../../shared/api/types.ts';
import { ActionFailed, type ActionSource, type Render } from '../actions/verb.ts';
import type { Target } from '../apply/cluster.ts';
import { type BuildJob, scopesOf } from '../build/build-job.ts';
import type { Pin } from '../source/pin.ts';
import { resolveFor } from '../source/pin-sources.ts';
import type { SourceRef } from '../source/resolve.ts';
import { inputsOf, parkOf } from './plans.ts';
import type { Run } from './world.ts';

/**
 * Renders the sources of a stage's actions: built as the stage's own is, with the same keys and variables, but for its
 * patches, which are for the stage's objects.
 */
export function rendererFor(run: Run, target: Target, stage: Stage): Render {
  const { namespace = '', name } = run.set.metadata;
  const { builds } = run.world;
  return async (source, jobs) => {
    const used = useSource(run, source);
    try {
      const { read: inputs } = inputsOf(run);
      const job: BuildJob = {
        artifact: used.pin.artifact,
        stage: { path: pathOf(source), applyHelmHookResources: true, patches: [] },
        owner: { namespace, name, stage: stage.name },
        applySetId: undefined,
        action: jobs === undefined ? {} : { jobs },
        scopes: scopesOf(target.cluster.discovery.clusterScopedKinds(), []),
        decryption: await inputs.decryption(),
        variables: await inputs.variablesOf(stage),
      };
      const built = await builds.build(job, undefined, parkOf(run), run.superseded);
      return {
        plan: built.summary,
        bodies: () => builds.bodies(job, built, parkOf(run), run.superseded),
        [Symbol.dispose]: () => used[Symbol.dispose](),
      };
    } catch (error) {
      used[Symbol.dispose]();
      throw error;
    }
  };
}

/** A source that a stage names too is at the stage's revision, and moves with it. */
function useSource(run: Run, source: ActionSource): Disposable & { readonly pin: Pin } {
  const ref = refOf(run, source);
  const ofStage = run.pins?.find((pin) => sameRef(pin.ref, ref));
  if (ofStage !== undefined) return { pin: ofStage, [Symbol.dispose]: () => {} };
  return run.actionPins.use(ref, () => pinNow(run, ref));
}

/** What the source holds at this moment; '' where there is none, or none that can be used. */
export function digestNow(run: Run, source: ActionSource | undefined): string {
  const now = source === undefined ? undefined : resolveFor(run.set, refOf(run, source), run.world);
  return now?.is === 'found' ? now.artifact.digest : '';
}

function refOf({ set }: Run, source: ActionSource): SourceRef {
  const { apiVersion, ...ref } = sourceRefOf(source, set.metadata.namespace ?? '');
  return { ...ref, apiVersion };
}

function pinNow({ set, world }: Run, ref: SourceRef): Pin {
  const resolved = resolveFor(set, ref, world);
  if (resolved.is !== 'found') throw new ActionFailed(resolved.message);
  return { stage: '', ref, artifact: resolved.artifact };
}

function sameRef(a: SourceRef, b: SourceRef): boolean {
  return a.kind === b.kind && a.name === b.name && a.namespace === b.namespace && a.apiVersion === b.apiVersion;
}
