import { createContext, Script } from 'node:vm';

/** Nothing but the call: what is called lives outside. */
const call = new Script('work()');
const sandbox: { work?: () => void } = createContext({});

/** Ends work that takes longer, wherever it is, loops and regular expressions included. Says whether it was done in time. */
export function doneWithin(ms: number, work: () => void): boolean {
  sandbox.work = work;
  try {
    call.runInContext(sandbox, { timeout: ms });
    return true;
  } catch (error) {
    if (isTimeUp(error)) return false;
    throw error;
  } finally {
    delete sandbox.work;
  }
}

/** Made in the sandbox, it is no Error of ours. */
function isTimeUp(error: unknown): boolean {
  const hasCode = typeof error === 'object' && error !== null && 'code' in error;
  return hasCode && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
