/** The commands of a shell snippet, each in one line. */
export function commandsOf(text: string): readonly string[] {
  return text
    .replaceAll(/ *\\\n */g, ' ')
    .split('\n')
    .map((line) => line.replace(/(?:^| +)# .*$/, '').trim())
    .filter((line) => line !== '');
}
