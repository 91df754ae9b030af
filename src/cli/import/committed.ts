import type { Remedy } from './note.ts';

/** What is said of a field that another tool writes into the kustomization.yaml before it builds. */
export function committed(tool: 'Flux' | 'Argo CD', field: string): Remedy {
  return [
    `the build is the source's own: ${tool} adds it to the kustomization.yaml as "${field}"`,
    'commit it there, as shown',
  ];
}

/** What is said where objects were looked at as they are without these lines. */
export const notYetThere: Remedy = [
  'the checkout is without these lines, so the names and images of objects that are named may be others with them',
  'commit the lines, then import again without the fields that they stand for',
];
