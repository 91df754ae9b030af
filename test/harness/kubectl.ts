import { execFile } from 'node:child_process';

/** Resolves with standard output. */
export function runKubectl(binary: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(binary, args, { timeout: 60_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`kubectl ${args.join(' ')}: ${stderr || error.message}`));
    });
    child.stdin?.end(input);
  });
}
