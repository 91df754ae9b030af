import { parseExact } from '../shared/json/exact-json.ts';
import { evaluateJsonPath } from '../shared/jsonpath/evaluate.ts';
import { parseJsonPath } from '../shared/jsonpath/parse.ts';
import { describeObjectId, parseObjectId } from '../shared/objects/object-id.ts';
import type { PlannedObject, StagePlan, VersionFound, VersionPlace } from '../shared/protocol/tasks.ts';
import { formatVersion, parseVersion } from '../shared/semver/version.ts';
import { quoted } from './quoted.ts';

type InObject = Extract<VersionPlace, { in: 'object' }>;
type Readable = Pick<StagePlan, 'objects' | 'bodies'>;

const MAX_BYTES = 1024;

/** What a file holds is not quoted: a path may lead to any file of the artifact. */
export function versionInFile(path: string, bytes: Uint8Array | undefined): VersionFound {
  const problem = (what: string): VersionFound => ({ ok: false, problem: `the file ${quoted(path)} ${what}` });
  if (bytes === undefined) return problem('is not in the artifact');
  if (bytes.length > MAX_BYTES) return problem('is over 1 KiB, so it holds more than a version');
  const text = new TextDecoder().decode(bytes).trim();
  if (text === '') return problem('is empty');
  const version = parseVersion(text);
  return version === undefined ? problem('holds no semantic version') : { ok: true, version: formatVersion(version) };
}

/** As the object is applied: of several that fit, in different namespaces say, all must say the same. */
export function versionInObject(plan: Readable, place: InObject): VersionFound {
  const found = plan.objects.filter((object) => fits(object, place)).map((object) => read(object, plan.bodies, place));
  const [first] = found;
  if (first === undefined) {
    const { apiVersion, kind, name } = place;
    const what = apiVersion === undefined ? kind : `${apiVersion} ${kind}`;
    return { ok: false, problem: `the stage renders no ${what} ${quoted(name)}` };
  }
  const failed = found.find(({ ok }) => !ok);
  if (failed !== undefined) return failed;
  const versions = new Set(found.map((each) => each.ok && each.version));
  if (versions.size === 1) return first;
  return {
    ok: false,
    problem: `the stage renders ${found.length} objects ${place.kind} ${quoted(place.name)}, which differ in their version`,
  };
}

function fits({ id, apiVersion }: PlannedObject, place: InObject): boolean {
  const parts = parseObjectId(id);
  if (parts?.kind !== place.kind || parts.name !== place.name) return false;
  return place.apiVersion === undefined || place.apiVersion === apiVersion;
}

function read({ id, offset, length, sensitive }: PlannedObject, bodies: ArrayBuffer, place: InObject): VersionFound {
  const problem = (what: string): VersionFound => ({
    ok: false,
    problem: `${place.fieldPath} of ${describeObjectId(id)}: ${what}`,
  });
  const path = parseJsonPath(place.fieldPath);
  if (!path.ok) return problem(path.problem);
  const object = parseExact(Buffer.from(bodies, offset, length).toString());
  const evaluated = evaluateJsonPath(path.template, object);
  if (!evaluated.ok) return problem(evaluated.problem);
  const text = evaluated.text.trim();
  if (text === '') return problem('is empty');
  const version = parseVersion(text);
  if (version !== undefined) return { ok: true, version: formatVersion(version) };
  // It may be any field, of a Secret too.
  return problem(sensitive ? 'is no semantic version' : `is no semantic version: ${quoted(text)}`);
}
