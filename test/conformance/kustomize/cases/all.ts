import type { KustomizeCase } from '../case.ts';
import { generators } from './generators.ts';
import { patches } from './patches.ts';
import { sources } from './sources.ts';
import { textCases } from './texts.ts';
import { transforms } from './transforms.ts';
import { values } from './values.ts';

/** Every case that someone thought of; what the fuzzer found lies in testdata/found.json. */
export const allCases: readonly KustomizeCase[] = [
  ...sources,
  ...textCases,
  ...transforms,
  ...patches,
  ...generators,
  ...values,
];
