/** What our Dockerfile may say; anything else is refused, so that no step of it goes untested. */
export interface Stage {
  readonly name: string;
  readonly from: string;
  readonly steps: readonly Step[];
}

export type Step =
  | { readonly is: 'ARG' | 'ENV' | 'LABEL'; readonly values: ReadonlyMap<string, string> }
  | { readonly is: 'COPY'; readonly from: string | undefined; readonly sources: readonly string[]; readonly to: string }
  | { readonly is: 'RUN'; readonly command: string }
  | { readonly is: 'WORKDIR' | 'USER'; readonly value: string }
  | { readonly is: 'EXPOSE'; readonly ports: readonly number[] }
  | { readonly is: 'ENTRYPOINT'; readonly command: readonly string[] };

export function parseDockerfile(text: string): readonly Stage[] {
  const stages: { name: string; from: string; steps: Step[] }[] = [];
  for (const line of logicalLines(text)) {
    const [, keyword = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (keyword === 'FROM') {
      const [, from = '', name = 'image'] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
      stages.push({ name, from, steps: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (stage !== undefined) stage.steps.push(stepOf(keyword, rest));
    else if (keyword !== 'ARG') throw new Error(`before the first stage: ${line}`);
  }
  return stages;
}

function stepOf(keyword: string, rest: string): Step {
  switch (keyword) {
    case 'ARG':
    case 'ENV':
    case 'LABEL':
      return { is: keyword, values: new Map(pairsIn(rest)) };
    case 'COPY': {
      const words = rest.split(/\s+/);
      const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
      return { is: 'COPY', from, sources: words.slice(0, -1), to: words.at(-1) ?? '' };
    }
    case 'RUN':
      return { is: 'RUN', command: rest };
    case 'WORKDIR':
    case 'USER':
      return { is: keyword, value: rest };
    case 'EXPOSE':
      return { is: 'EXPOSE', ports: rest.split(/\s+/).map(Number) };
    case 'ENTRYPOINT':
      return { is: 'ENTRYPOINT', command: JSON.parse(rest) };
    default:
      throw new Error(`nothing here knows what ${keyword} does`);
  }
}

function pairsIn(text: string): readonly (readonly [string, string])[] {
  return [...text.matchAll(/([\w.]+)=(?:"([^"]*)"|(\S*))/g)].map(([, key = '', quoted, plain = '']) => [
    key,
    quoted ?? plain,
  ]);
}

function logicalLines(text: string): readonly string[] {
  const kept = text.split('\n').filter((line) => !line.startsWith('#'));
  return kept
    .join('\n')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
