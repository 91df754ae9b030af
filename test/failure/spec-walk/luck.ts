import type { Stage, StageSetSpec } from '../../../src/shared/api/types.ts';
import { SHELF, VERSION_OF_SOURCES } from './places.ts';
import { isBelow } from './versions.ts';

const folders: Readonly<Record<string, readonly string[]>> = {
  alpha: ['', 'app', 'extra', 'sealed'],
  beta: ['', 'app', 'kinds'],
  gamma: ['', 'app', 'extra'],
  maker: ['', 'app'],
  [`${SHELF}/alpha`]: ['', 'app', 'extra'],
};

/**
 * Whether it succeeds where this version stands: most edits should, or a walk would stand still. No verdict hangs on
 * it, so it may be wrong about a rare case.
 */
export function isExpectedToSucceed(spec: StageSetSpec, deployed: string | undefined): boolean {
  const rendered = spec.stages.map(folderOf);
  const decrypts = spec.decryption?.secretRef !== undefined;
  return (
    spec.suspend !== true &&
    hasVersion(spec) &&
    !isBelow(versionOf(spec), deployed) &&
    !(spec.dependsOn ?? []).some(({ name }) => name === 'missing') &&
    spec.stages.every((stage) => isSound(stage, decrypts)) &&
    rendered.every((one, at) => !rendered.some((other, otherAt) => otherAt > at && overlap(one, other)))
  );
}

/** The version that this spec tells: all that garden.ts writes into sources is one. */
export function versionOf({ version }: StageSetSpec): string | undefined {
  return version === undefined ? undefined : (version.value ?? VERSION_OF_SOURCES);
}

/** Whether what is to tell the version is there. */
function hasVersion({ version: { fromObject, fromArtifact } = {}, stages }: StageSetSpec): boolean {
  const told = stages.find(({ name }) => name === (fromObject ?? fromArtifact)?.stage);
  if (told === undefined) return fromObject === undefined && fromArtifact === undefined;
  const { source, folder } = folderOf(told);
  if (fromObject === undefined) return true;
  return fromObject.name.startsWith(`${source}-`) && (folder === '' || folder === 'app');
}

function isSound(stage: Stage, decrypts: boolean): boolean {
  const { source, folder } = folderOf(stage);
  const hasSecrets = source === 'alpha' && (folder === '' || folder === 'sealed');
  const from = stage.postBuild?.substituteFrom ?? [];
  return (
    folders[source]?.includes(folder) === true &&
    (decrypts || !hasSecrets) &&
    from.every(({ name, optional }) => name !== 'missing' || optional === true) &&
    (stage.patches ?? []).every(({ patch, target }) =>
      patch.includes('alpha-settings')
        ? target === undefined && source === 'alpha' && (folder === '' || folder === 'app')
        : target !== undefined,
    )
  );
}

interface Folder {
  readonly source: string;
  readonly folder: string;
}

function folderOf({ sourceRef: { name, namespace }, path = '' }: Stage): Folder {
  return { source: namespace === SHELF ? `${SHELF}/${name}` : name, folder: path.replace(/^\.\/?/, '') };
}

function overlap(one: Folder, other: Folder): boolean {
  return one.source === other.source && (one.folder === other.folder || one.folder === '' || other.folder === '');
}
