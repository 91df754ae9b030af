import { flushCompileCache } from 'node:module';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { failureOf } from '../shared/protocol/task-error.ts';
import { refuseLargeOutput } from '../shared/protocol/task-sizes.ts';
import type { CancelFlag, TaskAnswer, TaskName, TaskRequest, Tasks } from '../shared/protocol/tasks.ts';
import { transfers } from '../shared/protocol/transfers.ts';
import { build } from './build.ts';
import { judge } from './judge/judge.ts';
import { unpack } from './unpack/unpack.ts';

type Handlers = {
  readonly [N in TaskName]: (
    input: Tasks[N]['input'],
    flag: CancelFlag,
  ) => Tasks[N]['output'] | Promise<Tasks[N]['output']>;
};

const handlers: Handlers = { unpack, build, judge };

flushCompileCache(); // threads of a killed process leave none

/** The entry of every worker thread. */
export async function runTask<N extends TaskName>(request: TaskRequest<N>): Promise<unknown> {
  const answer = await answerTo(request);
  const moved = answer.ok ? transfers[request.name].output(answer.output) : [];
  return move({ [transferableSymbol]: moved, [valueSymbol]: answer });
}

async function answerTo<N extends TaskName>({ name, input, flag }: TaskRequest<N>): Promise<TaskAnswer<N>> {
  try {
    const output = await handlers[name](input, flag);
    refuseLargeOutput(name, output);
    return { ok: true, output };
  } catch (error) {
    return { ok: false, failure: failureOf(error) };
  }
}
