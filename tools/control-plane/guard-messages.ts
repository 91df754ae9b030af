/** What passes between a guard process and the process it guards for. */

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment of the process; the guard's own when absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** Both output streams are appended here; only the error stream when `outFile` takes the other. */
  readonly logFile: string;
  readonly outFile?: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export type ToGuard =
  | { readonly ask: 'start'; readonly id: number; readonly command: Command }
  | { readonly ask: 'signal'; readonly id: number; readonly signal: NodeJS.Signals };

export type FromGuard =
  | { readonly tell: 'ready'; readonly dir: string }
  | { readonly tell: 'started'; readonly id: number; readonly pid: number }
  | { readonly tell: 'failed'; readonly id: number; readonly because: string }
  | ({ readonly tell: 'exited'; readonly id: number } & Exit);
