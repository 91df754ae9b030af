import { navigationOf } from './navigation.ts';
import type { Page } from './pages.ts';

const about =
  'A Kubernetes controller for ordered, gated, multi-stage delivery of Flux artifacts: the kinds StageSet and ' +
  'StageInventory of stages.metio.wtf/v1, and the command stagesetctl.';

/** `llms.txt`: a list of links with the first sentence of each page (https://llmstxt.org). */
export function llmsIndex(pages: readonly Page[]): string {
  const sections = navigationOf(pages).map(
    ({ title, pages: inGroup }) =>
      `## ${title}\n\n${inGroup.map((page) => `- [${page.title}](${page.path}): ${firstSentence(page.text)}\n`).join('')}`,
  );
  return [`# stageset-controller\n\n> ${about}\n`, ...sections].join('\n');
}

/** `llms-full.txt`: all pages in the order of the side bar, each under a line that says which it is. */
export function llmsFull(pages: readonly Page[]): string {
  const ordered = navigationOf(pages).flatMap((group) => group.pages);
  return [
    `# stageset-controller\n\n> ${about}\n`,
    ...ordered.map(({ path, text }) => `---\nPage: ${path}\n\n${text.trim()}\n`),
  ].join('\n');
}

/** Of the first paragraph that is one, in a runbook of what it means; links written as their words. */
export function firstSentence(text: string): string {
  const paragraphs = withoutCode(text.split('\n## Meaning\n')[1] ?? text).split(/\n{2,}/);
  const first = paragraphs.find((paragraph) => /^[A-Za-z`*[]/.test(paragraph.trim())) ?? '';
  const line = first
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1');
  return /^.+?[.](?= |$)/.exec(line)?.[0] ?? line;
}

function withoutCode(text: string): string {
  return text.replaceAll(/^(`{3,}).*?^\1$/gms, '');
}
