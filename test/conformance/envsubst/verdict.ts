import { isDeepStrictEqual } from 'node:util';
import { printYaml } from '../../../src/shared/go-yaml/print-yaml.ts';
import type { YamlMap } from '../../../src/shared/yaml/yaml-value.ts';
import { substituteObject } from '../../../src/workers/substitute/substitute-object.ts';
import { variablesOf } from '../../../src/workers/substitute/variables.ts';
import type { Answer, Question } from './ask.ts';

/** What we make of a question, in the form of Flux's answer; errors are compared by there being one. */
export function ourAnswer({ object, variables }: Question): Answer {
  const text = printYaml(object as YamlMap);
  try {
    return { text, object: substituteObject(object as YamlMap, variablesOf(Object.entries(variables))) };
  } catch (error) {
    return { text, error: String(error) };
  }
}

/** Undefined while the two agree. */
export function disagreement(question: Question, flux: Answer): string | undefined {
  const ours = ourAnswer(question);
  if (flux.text !== undefined && ours.text !== flux.text) return `prints ${ours.text} for ${flux.text}`;
  if ((ours.error === undefined) !== (flux.error === undefined)) {
    return `answers ${ours.error ?? JSON.stringify(ours.object)} for ${flux.error ?? JSON.stringify(flux.object)}`;
  }
  if (isDeepStrictEqual(inJson(ours.object), inJson(flux.object))) return undefined;
  return `makes ${JSON.stringify(ours.object)} of it for ${JSON.stringify(flux.object)}`;
}

/** Maps without an order of keys, and one zero. */
function inJson(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
