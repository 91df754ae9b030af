/** What a StageSet waits for or why it failed: one paragraph, and one command to go on with. */
export interface Answer {
  readonly text: string;
  readonly next: Command;
}

/** As typed, without connection flags: `['kubectl', 'describe', 'pod', 'web-1', '-n', 'shop']`. */
export type Command = readonly [program: 'kubectl' | 'stagesetctl', ...args: string[]];

/** Sentences, each with its full stop, whatever they end in. */
export function sentences(...texts: readonly (string | undefined)[]): string {
  return texts
    .filter((text) => text !== undefined && text !== '')
    .map((text) => `${text?.replace(/[.\s]+$/, '')}.`)
    .join(' ');
}
