import { goFloatText } from '../nodes/go-float.ts';

export type VariableValue = string | boolean | number | bigint;

/**
 * Puts values in the place of `$(NAME)`; one that is not known stays, `$$` is `$`. A text that is nothing but one
 * variable becomes its value, number or truth value too.
 */
export function expandVariables(text: string, lookup: (name: string) => VariableValue | undefined): VariableValue {
  const whole = /^\$\(([^)]*)\)$/.exec(text);
  if (whole !== null) return lookup(whole[1] ?? '') ?? text;
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (written, name: string | undefined) => {
    if (name === undefined) return '$';
    const value = lookup(name);
    if (value === undefined) return written;
    return typeof value === 'number' ? goFloatText(value, 21) : String(value);
  });
}
