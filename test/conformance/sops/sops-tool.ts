import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { oracleBinary, sopsOracle } from '../../../tools/oracles/oracle-binary.ts';
import type { KeyName, SopsCase } from './cases.ts';
import type { TestKey } from './test-keys.ts';

export interface SopsAnswer {
  readonly encrypted: string;
  /** What `sops --decrypt` prints; null when it refuses. */
  readonly clear: string | null;
}

/** The real sops in a home of its own, with the test keys and no other. */
export class SopsTool {
  readonly #binary: string;
  readonly #encryptor: string;
  readonly #folder: string;
  readonly #keys: readonly TestKey[];

  private constructor(
    { binary, encryptor }: { readonly binary: string; readonly encryptor: string },
    folder: string,
    keys: readonly TestKey[],
  ) {
    this.#binary = binary;
    this.#encryptor = encryptor;
    this.#folder = folder;
    this.#keys = keys;
  }

  /** With another release of sops, that one encrypts; what it made is judged by the present one. */
  static async open(keys: readonly TestKey[], encryptor?: string): Promise<SopsTool> {
    const folder = mkdtempSync(join(tmpdir(), 'sops-cases-'));
    const binary = await oracleBinary(sopsOracle);
    const tool = new SopsTool({ binary, encryptor: encryptor ?? binary }, folder, keys);
    mkdirSync(join(folder, 'gnupg'), { mode: 0o700 });
    for (const { publicKey } of keys)
      if (publicKey !== undefined) tool.#mustRun('gpg', ['--batch', '--import'], publicKey);
    return tool;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  ask({ path, plain, flags = [], keys = ['age'], groups, edit }: SopsCase): SopsAnswer {
    const file = this.#write(path, plain);
    const recipients = groups === undefined ? this.#recipients(keys) : ['--config', this.#groupsConfig(groups)];
    const encrypted = this.#mustRun(this.#encryptor, [...recipients, ...flags, '--encrypt', file]);
    const changed = edit === undefined ? encrypted : encrypted.replace(...edit);
    if (edit !== undefined && changed === encrypted) throw new Error(`${edit[0]} changes nothing in ${encrypted}`);
    const twin = { plain, flags, keys, ...(groups === undefined ? {} : { groups }) };
    return { encrypted: changed, clear: this.#clear(path, changed, twin) };
  }

  /** PGP would need an agent, so a twin for age answers for what only PGP keys open. */
  #clear(
    path: string,
    encrypted: string,
    { plain, flags = [], keys = [], groups }: Omit<SopsCase, 'name' | 'path'>,
  ): string | null {
    const named = groups === undefined ? keys : groups.of.flat();
    if (named.some((key) => this.#key(key).publicKey !== undefined))
      return this.ask({ name: '', path, plain, flags }).clear;
    const types = flags.includes('--input-type') ? flags.slice(flags.indexOf('--input-type')) : [];
    const done = this.#run(this.#binary, [...types, '--decrypt', this.#write(path, encrypted)]);
    return done.status === 0 ? done.stdout : null;
  }

  #recipients(keys: readonly KeyName[]): readonly string[] {
    const [age, pgp] = [false, true].map((isPgp) =>
      keys.map((name) => this.#key(name)).filter(({ publicKey }) => (publicKey !== undefined) === isPgp),
    );
    return (
      [
        ['--age', age],
        ['--pgp', pgp],
      ] as const
    ).flatMap(([flag, of = []]) => (of.length === 0 ? [] : [flag, of.map(({ recipient }) => recipient).join(',')]));
  }

  #groupsConfig({ of, threshold }: NonNullable<SopsCase['groups']>): string {
    const groups = of.map((names) => {
      const keys = names.map((name) => this.#key(name));
      return {
        age: keys.filter(({ publicKey }) => publicKey === undefined).map(({ recipient }) => recipient),
        pgp: keys.filter(({ publicKey }) => publicKey !== undefined).map(({ recipient }) => recipient),
      };
    });
    return this.#write(
      '.sops.yaml',
      JSON.stringify({ creation_rules: [{ shamir_threshold: threshold, key_groups: groups }] }),
    );
  }

  #key(name: KeyName): TestKey {
    const key = this.#keys.find((one) => one.name === name);
    if (key === undefined) throw new Error(`no test key is called ${name}`);
    return key;
  }

  #write(path: string, content: string): string {
    const file = join(this.#folder, 'files', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  }

  #mustRun(command: string, args: readonly string[], input?: string): string {
    const { status, stdout, stderr } = this.#run(command, args, input);
    if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  #run(command: string, args: readonly string[], input = '') {
    // 'other age' is somebody else's: files for it alone stay closed.
    const identities = this.#keys.filter(({ name, publicKey }) => publicKey === undefined && name !== 'other age');
    const env = {
      PATH: process.env.PATH,
      HOME: this.#folder,
      GNUPGHOME: join(this.#folder, 'gnupg'),
      SOPS_AGE_KEY: identities.map(({ secret }) => secret).join('\n'),
    };
    return spawnSync(command, args, { env, input, cwd: this.#folder, encoding: 'utf8' });
  }
}
