import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFlags } from '../flags/parse.ts';
import { flags } from '../flags/table.ts';
import { logWishes } from './log-wishes.ts';

function wishes(...args: readonly string[]) {
  const parsed = parseFlags(flags, args);
  return parsed.is === 'run' ? logWishes(parsed.settings) : assert.fail(JSON.stringify(parsed));
}

const usual = { level: 'info', encoding: 'json', stacksFrom: 'panic', time: 'rfc3339nano' };

for (const [args, changed] of [
  [[], {}],
  [['--log-level=warn', '--log-encoding=text'], { level: 'warn', encoding: 'text' }],
  [['--zap-log-level=error', '--zap-encoder=console'], { level: 'error', encoding: 'text' }],
  [['--zap-log-level=panic'], { level: 'error' }],
  [['--zap-log-level=3', '--zap-encoder=json'], { level: 'debug' }],
  [['--zap-stacktrace-level=error', '--zap-time-encoding=epoch'], { stacksFrom: 'error', time: 'epoch' }],
  [['--zap-devel'], { level: 'debug', encoding: 'text', stacksFrom: 'warn' }],
  [['--zap-devel', '--log-level=info'], { encoding: 'text', stacksFrom: 'warn' }],
] as const) {
  test(`${args.join(' ') || 'no flag'} is heeded`, () => {
    assert.deepEqual(wishes(...args), { ...usual, ...changed });
  });
}
