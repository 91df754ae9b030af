import { yamlText } from '../nodes/yaml-text.ts';

/** Where an object or a change to it comes from, as `buildMetadata` has it written into annotations. */
export interface Origin {
  readonly path?: string;
  readonly configuredIn?: string;
  readonly configuredBy?: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name?: string;
    readonly namespace?: string;
  };
}

export const ORIGIN_ANNOTATION = 'config.kubernetes.io/origin';
export const TRANSFORMATIONS_ANNOTATION = 'alpha.config.kubernetes.io/transformations';

export function originText(origin: Origin): string {
  return originLines(origin)
    .map((line) => `${line}\n`)
    .join('');
}

export function transformationsText(transformations: readonly Origin[]): string {
  return transformations
    .flatMap((origin) => {
      const lines = originLines(origin);
      return lines.length === 0 ? ['- {}'] : lines.map((line, index) => `${index === 0 ? '- ' : '  '}${line}`);
    })
    .map((line) => `${line}\n`)
    .join('');
}

function originLines({ path, configuredIn, configuredBy }: Origin): readonly string[] {
  const by = Object.entries(configuredBy ?? {}).filter(([, value]) => value !== '');
  return [
    ...(path ? [`path: ${yamlText(path)}`] : []),
    ...(configuredIn ? [`configuredIn: ${yamlText(configuredIn)}`] : []),
    ...(by.length > 0 ? ['configuredBy:'] : []),
    ...by.map(([key, value]) => `  ${key}: ${yamlText(value)}`),
  ];
}
