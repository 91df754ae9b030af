import { readFile } from 'node:fs/promises';

export interface TestFile {
  readonly file: string;
  readonly source: string;
}

export function readSources(files: readonly string[]): Promise<readonly TestFile[]> {
  return Promise.all(files.map(async (file) => ({ file, source: await readFile(file, 'utf8') })));
}

/** Whether it imports this name from a file whose path ends so. */
export function imports(source: string, name: string, from: string): boolean {
  return new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from '[^']*${RegExp.escape(from)}'`).test(source);
}
