import { type ByteText, toBytes } from './byte-text.ts';
import type { Effort } from './effort.ts';
import { operatorNamed, suppliesDefault } from './operators.ts';
import type { Reference, Template, TemplatePart } from './template.ts';
import type { Variables } from './variables.ts';

/** A reference to a variable that nobody defined, without a default. */
export class UndefinedVariableError extends Error {
  constructor(name: string) {
    super(`variable "${name}" is not defined and has no default`);
    this.name = 'UndefinedVariableError';
  }
}

export function evaluate(template: Template, variables: Variables, effort: Effort): ByteText {
  return template.map((part) => evaluatePart(part, variables, effort)).join('');
}

function evaluatePart(part: TemplatePart, variables: Variables, effort: Effort): ByteText {
  const text = typeof part === 'string' ? toBytes(part) : evaluateReference(part, variables, effort);
  effort.takeBytes(text.length);
  return text;
}

/** Words are evaluated first, used or not: a default that names an undefined variable fails even where it is not needed. */
function evaluateReference({ name, operator, words }: Reference, variables: Variables, effort: Effort): ByteText {
  const evaluated = words.map((word) => evaluatePart(word, variables, effort));
  const value = variables.get(name);
  if (value === undefined && !suppliesDefault(operator)) throw new UndefinedVariableError(name);
  return operator === undefined ? (value ?? '') : operatorNamed(operator)(value ?? '', evaluated, effort);
}
