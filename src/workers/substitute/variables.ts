import { type ByteText, toBytes } from './byte-text.ts';

export interface Variables {
  readonly size: number;
  get(name: string): ByteText | undefined;
}

/** The same variables; those that are asked for are added to `used`. A Secret's among them makes an object sensitive. */
export function recordingUse(variables: Variables, used: Set<string>): Variables {
  return {
    size: variables.size,
    get: (name) => {
      used.add(name);
      return variables.get(name);
    },
  };
}

/** A key of a ConfigMap, of a Secret or of `substitute` that is no variable's name. */
export class VariableNameError extends Error {
  constructor(name: string) {
    super(`${JSON.stringify(name)} is no variable name: letters, digits and _, and no digit first`);
    this.name = 'VariableNameError';
  }
}

/** Of several definitions the last wins. Values lose their line breaks, as in Flux. */
export function variablesOf(definitions: Iterable<readonly [name: string, value: string]>): Variables {
  const variables = new Map<string, ByteText>();
  for (const [name, value] of definitions) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new VariableNameError(name);
    variables.set(name, toBytes(value.replaceAll('\n', '')));
  }
  return variables;
}
