import { isMap, type YamlValue } from '../../shared/yaml/yaml-value.ts';

const containerLists = ['containers', 'initContainers', 'ephemeralContainers'];

/** Adds the image of every container at any depth of any kind, custom ones included. */
export function collectImages(value: YamlValue, images: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly YamlValue[]) collectImages(item, images);
  } else if (isMap(value)) {
    for (const list of containerLists) collectContainerImages(value[list], images);
    for (const item of Object.values(value)) collectImages(item, images);
  }
}

function collectContainerImages(containers: YamlValue | undefined, images: Set<string>): void {
  if (!Array.isArray(containers)) return;
  for (const container of containers as readonly YamlValue[]) {
    if (isMap(container) && typeof container.image === 'string') images.add(container.image);
  }
}
