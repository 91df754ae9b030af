import { readFile } from 'node:fs/promises';

/** The last lines of a log, to be quoted in an error; a line says so when there are none. */
export async function lastLines(file: string, count = 15): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n');
  if (lines[0] === '') return '(it wrote nothing)';
  return lines.slice(-count).join('\n');
}
