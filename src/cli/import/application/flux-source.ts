import { FLUX_SOURCE_GROUP } from '../../../shared/flux-sources.ts';
import type { ObjectMeta } from '../../../shared/objects/object.ts';
import type { YamlMap } from '../../../shared/yaml/yaml-value.ts';
import { RuntimeError } from '../../cli-error.ts';
import type { Input } from '../input.ts';
import type { Remedy } from '../note.ts';

/** How often Argo CD looks, too. */
const INTERVAL = '3m';

/** The source that Flux is to fetch in place of Argo CD. Argo CD's credentials are in Secrets of its own. */
export function fluxSourceOf(input: Input, { name, namespace }: ObjectMeta, otherwise?: string): YamlMap {
  const repoUrl = input.text('repoURL') ?? otherwise;
  if (repoUrl === undefined) throw new RuntimeError(`${input.at('repoURL')} is missing`);
  const kind = repoUrl.startsWith('oci://') ? 'OCIRepository' : 'GitRepository';
  const url = urlOf(repoUrl);
  if (url !== repoUrl || url.startsWith('ssh://')) {
    input.note('repoURL', [
      'credentials do not come along, neither those in a URL nor those that Argo CD keeps',
      `put them into a Secret and name it in spec.secretRef of the ${kind} "${name}"`,
    ]);
  }
  const ref = refOf(input, kind, name);
  return {
    apiVersion: `${FLUX_SOURCE_GROUP}/v1`,
    kind,
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    spec: { interval: INTERVAL, url, ...(ref !== undefined && { ref }) },
  };
}

/** As Flux wants it, and without a password. */
function urlOf(repoUrl: string): string {
  const copied = /^(?:([\w.-]+)@)?([\w.-]+):(?!\/\/)(.+)$/.exec(repoUrl);
  if (copied !== null) return `ssh://${copied[1] ?? 'git'}@${copied[2]}/${copied[3]}`;
  return repoUrl.replace(/^((?:https?|oci):\/\/)[^/]*@/, '$1').replace(/^(ssh:\/\/[^/:@]*):[^/]*@/, '$1@');
}

function refOf(input: Input, kind: 'GitRepository' | 'OCIRepository', source: string): YamlMap | undefined {
  const branch = input.text('targetBranch');
  const revision = input.text('targetRevision') ?? branch ?? 'HEAD';
  input.leave('tagPrefix', [
    'only tags with this prefix count there',
    'say so in spec.ref of the source: semver, and semverFilter where it has one',
  ]);
  if (kind === 'OCIRepository') return ociRef(revision);
  if (revision === 'HEAD') {
    input.noteAt(input.at('targetRevision'), [
      "it means the repository's default branch, and Flux takes master unless told otherwise",
      'set spec.ref.branch of the GitRepository',
    ]);
    return undefined;
  }
  if (revision.startsWith('refs/')) return { name: revision };
  if (/^[0-9a-f]{40}$/i.test(revision)) return { commit: revision.toLowerCase() };
  if (isRange(revision)) return { semver: revision };
  if (/^v?\d+\.\d+\.\d+/.test(revision)) return { tag: revision };
  if (revision !== branch && !usualBranches.has(revision)) {
    input.note('targetRevision', /^[0-9a-f]{7,}$/i.test(revision) ? shortCommit(source) : branchOrTag(source));
  }
  return { branch: revision };
}

const usualBranches: ReadonlySet<string> = new Set(['main', 'master', 'trunk', 'develop']);

function branchOrTag(source: string): Remedy {
  return [
    'whether it is a branch or a tag only the repository knows; it is taken for a branch',
    `if it is a tag, set spec.ref.tag of the GitRepository "${source}" in place of spec.ref.branch`,
  ];
}

function shortCommit(source: string): Remedy {
  return [
    'it may be the beginning of a commit, of which Flux wants all; it is taken for a branch',
    `if it is a commit, set spec.ref.commit of the GitRepository "${source}" to the whole of it, in place of spec.ref.branch; if a tag, spec.ref.tag`,
  ];
}

function ociRef(revision: string): YamlMap | undefined {
  if (revision === 'HEAD') return undefined; // latest, as for Argo CD
  if (revision.startsWith('sha256:')) return { digest: revision };
  return isRange(revision) ? { semver: revision } : { tag: revision };
}

/** A constraint on versions instead of one: `1.*`, `>=1.2 <2`, `^1.0`. */
function isRange(revision: string): boolean {
  return /^[v\d]*[.\d]*\*|^[~^<>=!]|^\d+\.[xX]|\|\|/.test(revision);
}
