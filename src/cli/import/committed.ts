import type { Remedy } from './note.ts';

/** What is said of a field that another tool writes into the kustomization.yaml before it builds. */
export function committed(tool: 'Flux' | 'Argo CD', field: string): Remedy {
  return [
    `the build is the source's own: ${tool} adds it to the kustomization.yaml as "${field}"`,
    'commit it there, as shown',
  ];
}
