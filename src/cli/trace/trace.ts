import type { Resource } from '../../main/kube/types.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import { RuntimeError, UsageError } from '../cli-error.ts';
import type { ConnectionFlags } from '../connection/flags.ts';
import { type DataFormat, printData } from '../output/print-data.ts';
import type { Reader } from '../owned/reader.ts';
import { withReader } from '../owned/with-reader.ts';
import { findKind } from './find-kind.ts';
import { originOf, type Traced } from './origin.ts';
import { ownerOf } from './owner-of.ts';
import { originText } from './print.ts';

export interface TraceFlags extends ConnectionFlags {
  readonly output?: DataFormat;
}

export interface TraceAnswer {
  readonly text: string;
  readonly owned: boolean;
}

export function trace(kind: string, name: string | undefined, flags: TraceFlags): Promise<TraceAnswer> {
  const wanted = wantedIn(kind, name);
  return withReader(flags, async (cluster, reader) => {
    const resource = findKind(wanted.kind, reader.discovery.kinds());
    if (resource === undefined) {
      throw new RuntimeError(`the cluster has no kind "${wanted.kind}": see kubectl api-resources`);
    }
    const object = await readObject(reader, resource, cluster.namespace, wanted.name);
    const owner = await ownerOf(object, reader);
    const traced = await originOf(object, owner, reader);
    const text =
      flags.output === undefined ? originText(traced, reader.unread, Date.now()) : data(traced, reader, flags.output);
    return { text, owned: traced.origin !== undefined };
  });
}

interface Wanted {
  readonly kind: string;
  readonly name: string;
}

function wantedIn(first: string, second: string | undefined): Wanted {
  const slash = first.indexOf('/');
  const [kind, name] = slash < 0 ? [first, second] : [first.slice(0, slash), first.slice(slash + 1)];
  if (slash >= 0 && second !== undefined) {
    throw new UsageError(`"${first}" names the object already: leave "${second}" out`);
  }
  if (kind === '' || name === undefined || name === '') {
    throw new UsageError(`"${first}" names no object: give KIND/NAME, or KIND NAME`);
  }
  return { kind, name };
}

async function readObject(reader: Reader, resource: Resource, home: string, name: string): Promise<KubeObject> {
  const namespace = resource.namespaced ? home : undefined;
  const found = await reader.get({ resource, namespace, name });
  if (found.is === 'found') return { ...found.object, kind: resource.kind };
  const what = `${resource.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  if (found.is === 'unread') throw new RuntimeError(`${what} cannot be read: ${reader.unread.join(', ')}`);
  const hint = namespace === undefined ? '' : ': choose another namespace with -n';
  throw new RuntimeError(`${what} does not exist${hint}`);
}

function data(traced: Traced, { unread }: Reader, format: DataFormat): string {
  return printData({ ...traced, ...(unread.length > 0 && { unread }) }, format);
}
