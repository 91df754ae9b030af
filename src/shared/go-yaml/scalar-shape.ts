/** What decides how a text can be written. */
export interface ScalarShape {
  readonly isMultiline: boolean;
  readonly allowsPlain: boolean;
  readonly allowsSingleQuoted: boolean;
  readonly allowsBlock: boolean;
}

const EMPTY: ScalarShape = {
  isMultiline: false,
  allowsPlain: true,
  allowsSingleQuoted: true,
  allowsBlock: false,
};

/** At the start of an unquoted text they would mean something. */
const INDICATORS = '#,[]{}&*!|>\'"%@`';

/** Go's newer printer writes blocks with tabs in them, its older one escapes them. */
export interface Tabs {
  readonly tabs: 'escaped' | 'allowed in blocks';
}

export function shapeOf(text: string, { tabs }: Tabs = { tabs: 'escaped' }): ScalarShape {
  if (text === '') return EMPTY;
  const isMultiline = /[\n\r\u0085\u2028\u2029]/.test(text);
  const tabsAside = tabs === 'escaped' ? text : text.replaceAll('\t', '');
  const needsEscapes = !isPrintable(tabsAside) || / \n/.test(text);
  const hasTabs = text.includes('\t');
  const endsInSpace = text.endsWith(' ');
  return {
    isMultiline,
    allowsPlain:
      !isMultiline && !needsEscapes && !hasTabs && !endsInSpace && !text.startsWith(' ') && !looksLikeYaml(text),
    allowsSingleQuoted: !needsEscapes && !hasTabs && !isMultiline,
    allowsBlock: !needsEscapes && !endsInSpace,
  };
}

function looksLikeYaml(text: string): boolean {
  if (INDICATORS.includes(text.charAt(0)) || text.startsWith('---') || text.startsWith('...')) return true;
  return /^[?:-](?:[ \t]|$)|:(?:[ \t]|$)|[ \t]#/.test(text);
}

/**
 * Tabs and whatever lies beyond the Basic Multilingual Plane are written as escapes. So are, other than in Go, YAML 1.1's
 * line breaks U+2028 and U+2029, which our reader has as letters: either way the same text is read back.
 */
function isPrintable(text: string): boolean {
  return /^[\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/.test(text);
}
