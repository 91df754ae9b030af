import { type FileMap, openFileMap } from '../shared/protocol/file-map.ts';
import { TaskError } from '../shared/protocol/task-error.ts';
import type { BuildAnswer, BuildInput, CancelFlag, VersionFound } from '../shared/protocol/tasks.ts';
import type { YamlValue } from '../shared/yaml/yaml-value.ts';
import { versionInFile, versionInObject } from './find-version.ts';
import { buildAsFlux } from './kustomize/build-as-flux.ts';
import type { KustomizeResult } from './kustomize/build-kustomization.ts';
import { leniently, listOf } from './kustomize/kustomization/decode.ts';
import { patch } from './kustomize/kustomization/shape.ts';
import { planStage } from './plan/plan-stage.ts';
import { readsOf, sameReads } from './reads.ts';
import { type Decrypted, decryptWhileBuilding, refuseEncrypted } from './sops/decrypt-while-building.ts';
import { type KeyRing, readKeyRing } from './sops/key-ring.ts';
import { SopsError } from './sops/sops-error.ts';
import { substituteAll } from './substitute/substitute-all.ts';

/** A stage of an unpacked artifact to its plan: kustomize on clear text, then variables, then what makes it ours. */
export async function build(input: BuildInput, flag: CancelFlag): Promise<BuildAnswer> {
  const files = openFileMap(input.files);
  if (input.lastReads !== undefined && sameReads(input.lastReads, files)) return { is: 'unchanged' };
  const place = input.stage.version;
  const rendered = await inClear(files, input, (clear, wasEncrypted) => {
    const patches = listOf(patch)(input.stage.patches as YamlValue, 'patches', leniently);
    const { objects, record } = buildAsFlux(clear, input.stage.path, {
      patches,
      flag,
      open: (path, bytes) => ({ bytes, decrypted: wasEncrypted(path) }),
    });
    if (place?.in !== 'file') return { objects, record, version: undefined };
    const version = versionInFile(place.path, clear.read(place.path));
    return { objects, record: { ...record, files: new Set([...record.files, place.path]) }, version };
  });
  if (rendered.is === 'wanting') return rendered;
  const { objects, record, version: inFile } = rendered.value;
  const plan = planStage(substituteAll(objects, input.variables, flag), input, flag);
  const version = place?.in === 'object' ? versionInObject(plan, place) : inFile;
  return { is: 'built', plan: version === undefined ? plan : { ...plan, version }, reads: readsOf(record, files) };
}

type Build = (files: FileMap, wasEncrypted: (path: string) => boolean) => Rendered;

interface Rendered extends KustomizeResult {
  /** Where it is in a file. */
  readonly version: VersionFound | undefined;
}

async function inClear(files: FileMap, { decryption }: BuildInput, build: Build): Promise<Decrypted<Rendered>> {
  if (decryption === undefined) return { is: 'built', value: build(refuseEncrypted(files), () => false) };
  return await decryptWhileBuilding(files, await keyRingOf(decryption), build);
}

async function keyRingOf({ entries, unwrapped }: NonNullable<BuildInput['decryption']>): Promise<KeyRing> {
  try {
    return await readKeyRing(entries, unwrapped);
  } catch (error) {
    if (error instanceof SopsError) throw new TaskError('badKeys', error.message);
    throw error;
  }
}
