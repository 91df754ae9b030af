import { posix } from 'node:path';

/** What this needs of markdown-it and its tokens. */
interface Markdown {
  readonly core: { readonly ruler: { push(name: string, rule: (state: State) => void): void } };
}

interface State {
  readonly env: { readonly relativePath?: string };
  readonly tokens: readonly Token[];
}

interface Token {
  type: string;
  tag: string;
  attrs: [string, string][] | null;
  readonly children: Token[] | null;
  attrGet(name: string): string | null;
}

/** Files of the repository are not part of the site: a link to one becomes its words alone. */
export function linksWithinSite(markdown: Markdown): void {
  markdown.core.ruler.push('links within site', ({ env, tokens }) => {
    for (const { children } of tokens) if (children !== null) unlink(children, env.relativePath ?? '');
  });
}

function unlink(tokens: readonly Token[], page: string): void {
  let leaving = false;
  for (const token of tokens) {
    if (token.type === 'link_open') leaving = leavesSite(token.attrGet('href') ?? '', page);
    if (leaving && (token.type === 'link_open' || token.type === 'link_close')) {
      const opens = token.type === 'link_open';
      token.type = opens ? 'em_open' : 'em_close';
      token.tag = 'em';
      token.attrs = null;
    }
  }
}

export function leavesSite(href: string, page: string): boolean {
  if (/^(?:[a-z]+:|#|\/)/.test(href)) return false;
  return posix.join(posix.dirname(page), href).startsWith('..');
}
