import type { Stage, SubstituteFrom } from '../../shared/api/types.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import type { Variable } from '../../shared/protocol/tasks.ts';
import { accountOf } from '../apply/cluster.ts';
import type { Decryption } from '../build/build-job.ts';
import { isNotFound } from '../kube/errors.ts';
import { configMapResource, secretResource } from '../kube/own-kinds.ts';
import { getObject } from '../kube/requests.ts';
import type { Run } from './world.ts';

/** An input that is missing or of no use, said so that its owner knows what to do. */
class InputError extends Error {}

type Data = Readonly<Record<string, string>>;

const resources = { ConfigMap: configMapResource, Secret: secretResource } as const;

/**
 * What builds read from the cluster beside artifacts: the Secret with the decryption keys and the sources of variables.
 * They are read anew each run, each once, as the StageSet's account where it names one: nobody reads through a
 * StageSet what they may not read themselves.
 */
export class BuildInputs {
  readonly #run: Run;
  readonly #read = new Map<string, Promise<Data | undefined>>();

  constructor(run: Run) {
    this.#run = run;
  }

  /** Undefined where the spec has none. */
  async decryption(): Promise<Decryption | undefined> {
    const { decryption } = this.#run.set.spec;
    if (decryption === undefined) return undefined;
    const account = accountOf(this.#run.set) ?? '';
    if (decryption.secretRef === undefined) return { entries: new Map(), account };
    const { name } = decryption.secretRef;
    const data = await this.#dataOf('Secret', name);
    const where = `Secret ${this.#namespace}/${name}`;
    if (data === undefined) throw new InputError(`${where} does not exist`);
    const entries = new Map(Object.entries(data));
    if (!entries.keys().some(holdsKeys)) {
      throw new InputError(
        `${where} holds no key: its entries must end in .agekey or .asc, or be one of ${services.join(', ')}`,
      );
    }
    return { entries, account };
  }

  /** In the order in which they count, later ones over earlier ones: those of `substituteFrom`, then `substitute`. */
  async variablesOf({ postBuild = {} }: Stage): Promise<readonly Variable[]> {
    const variables: Variable[] = [];
    for (const source of postBuild.substituteFrom ?? []) variables.push(...(await this.#variablesFrom(source)));
    for (const [name, value] of Object.entries(postBuild.substitute ?? {}))
      variables.push({ name, value, secret: false });
    return variables;
  }

  async #variablesFrom({ kind, name, optional }: SubstituteFrom): Promise<readonly Variable[]> {
    const data = await this.#dataOf(kind, name);
    if (data === undefined) {
      if (optional === true) return [];
      throw new InputError(`postBuild.substituteFrom: ${kind} ${this.#namespace}/${name} does not exist`);
    }
    return Object.entries(data).map(([key, value]) => ({ name: key, value, secret: kind === 'Secret' }));
  }

  get #namespace(): string {
    return this.#run.set.metadata.namespace ?? '';
  }

  #dataOf(kind: 'ConfigMap' | 'Secret', name: string): Promise<Data | undefined> {
    const key = `${kind}/${name}`;
    const reading = this.#read.get(key) ?? this.#get(kind, name);
    this.#read.set(key, reading);
    return reading;
  }

  async #get(kind: 'ConfigMap' | 'Secret', name: string): Promise<Data | undefined> {
    const { set, world, superseded } = this.#run;
    const as = accountOf(set);
    try {
      const { data = {} } = await getObject<KubeObject & { readonly data?: Data }>(world.cluster.client, {
        resource: resources[kind],
        namespace: this.#namespace,
        name,
        signal: superseded,
        ...(as !== undefined && { as }),
      });
      return kind === 'Secret' ? decoded(data) : data;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}

const services = ['sops.aws-kms', 'sops.gcp-kms', 'sops.azure-kv', 'sops.vault-token'];

function holdsKeys(entry: string): boolean {
  return entry.endsWith('.agekey') || entry.endsWith('.asc') || services.includes(entry);
}

function decoded(data: Data): Data {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}
