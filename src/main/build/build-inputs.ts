import type { Stage, StageSet, SubstituteFrom } from '../../shared/api/types.ts';
import type { Variable } from '../../shared/protocol/tasks.ts';
import type { Decryption } from './build-job.ts';

/** Said so that its owner knows what to do. */
class InputError extends Error {}
/** Something may bring it yet. */
export class InputMissing extends InputError {}

/** What a ConfigMap or a Secret holds, in clear. */
export type Data = Readonly<Record<string, string>>;
export type DataKind = SubstituteFrom['kind'];
/** Undefined where there is no such object. */
export type ReadData = (kind: DataKind, name: string) => Promise<Data | undefined>;

export interface BuildInputsOptions {
  /** The user that stands for the StageSet's account; undefined where it names none. */
  readonly account: string | undefined;
  readonly read: ReadData;
  /** What is said of a missing object, after its name. */
  readonly missing?: string;
}

/**
 * What builds need beside artifacts: the Secret with the decryption keys and the sources of variables. Each is read
 * once, however many stages name it.
 */
export class BuildInputs {
  readonly #set: StageSet;
  readonly #options: BuildInputsOptions;
  readonly #read = new Map<string, Promise<Data | undefined>>();

  constructor(set: StageSet, options: BuildInputsOptions) {
    this.#set = set;
    this.#options = options;
  }

  /** Undefined where the spec has none. */
  async decryption(): Promise<Decryption | undefined> {
    const { decryption } = this.#set.spec;
    if (decryption === undefined) return undefined;
    const account = this.#options.account ?? '';
    if (decryption.secretRef === undefined) return { entries: new Map(), account };
    const { name } = decryption.secretRef;
    const data = await this.#dataOf('Secret', name);
    const where = this.#named('Secret', name);
    if (data === undefined) throw new InputMissing(`${where} ${this.#missing}`);
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
      throw new InputMissing(`postBuild.substituteFrom: ${this.#named(kind, name)} ${this.#missing}`);
    }
    return Object.entries(data).map(([key, value]) => ({ name: key, value, secret: kind === 'Secret' }));
  }

  #named(kind: DataKind, name: string): string {
    return `${kind} ${this.#set.metadata.namespace ?? ''}/${name}`;
  }

  get #missing(): string {
    return this.#options.missing ?? 'does not exist';
  }

  #dataOf(kind: DataKind, name: string): Promise<Data | undefined> {
    const key = `${kind}/${name}`;
    const reading = this.#read.get(key) ?? this.#options.read(kind, name);
    this.#read.set(key, reading);
    return reading;
  }
}

const services = ['sops.aws-kms', 'sops.gcp-kms', 'sops.azure-kv', 'sops.vault-token'];

function holdsKeys(entry: string): boolean {
  return entry.endsWith('.agekey') || entry.endsWith('.asc') || services.includes(entry);
}
