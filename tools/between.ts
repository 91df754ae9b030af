const end = '<!-- end -->';

/** The page with this text between the mark and the end that follows it. */
export function between(page: string, mark: string, text: string): string {
  const from = page.indexOf(mark);
  const to = page.indexOf(end, from);
  if (from === -1 || to === -1) throw new Error(`the page lacks the marks ${mark} and ${end}`);
  return `${page.slice(0, from)}${mark}\n\n${text}\n\n${page.slice(to)}`;
}
