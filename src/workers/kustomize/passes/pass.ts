import type { ResourceList } from '../resources/resource-list.ts';

/** One step of a kustomization: it changes the objects in their places, or their list. */
export type Pass = (resources: ResourceList) => void;
