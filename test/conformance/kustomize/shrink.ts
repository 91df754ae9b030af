import type { Model } from './random-tree.ts';

/** Takes parts away as long as `fails` holds, until none can go any more. */
export async function shrink(model: Model, fails: (model: Model) => Promise<boolean>, attempts = 300): Promise<Model> {
  let left = attempts;
  let smallest = model;
  for (let isProgressing = true; isProgressing && left > 0; ) {
    isProgressing = false;
    for (const smaller of smallerThan(smallest)) {
      if (left-- <= 0) break;
      if (!(await fails(smaller as Model))) continue;
      smallest = smaller as Model;
      isProgressing = true;
      break;
    }
  }
  return smallest;
}

/** Everything that is one part less, the large parts first. */
function* smallerThan(value: unknown): Generator<unknown> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const index of value.keys()) yield value.toSpliced(index, 1);
    for (const [index, item] of value.entries())
      for (const smaller of smallerThan(item)) yield value.with(index, smaller);
    return;
  }
  const entries = Object.entries(value);
  for (const [key] of entries) yield Object.fromEntries(entries.filter(([each]) => each !== key));
  for (const [key, item] of entries) for (const smaller of smallerThan(item)) yield { ...value, [key]: smaller };
}
