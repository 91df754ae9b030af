import type { Page } from './pages.ts';

/** A fenced block of a page. */
export interface Snippet {
  /** As `concepts.md:5`, the line of its first line. */
  readonly at: string;
  readonly language: string;
  readonly text: string;
}

const fence = /^(?<indent> *)```(?<language>[a-z]*)[^\n]*\n(?<body>.*?)^\k<indent>```$/gms;

export function snippetsOf(
  { path, text }: Pick<Page, 'path' | 'text'>,
  ...languages: readonly string[]
): readonly Snippet[] {
  return [...text.matchAll(fence)].flatMap(({ index, groups }) => {
    const { indent = '', language = '', body = '' } = groups ?? {};
    if (!languages.includes(language)) return [];
    const line = text.slice(0, index).split('\n').length + 1;
    return [{ at: `${path}:${line}`, language, text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), '') }];
  });
}
