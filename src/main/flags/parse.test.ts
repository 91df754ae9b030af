import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helpText, parseFlags } from './parse.ts';
import { flags } from './table.ts';

function settings(...args: string[]) {
  const parsed = parseFlags(flags, args);
  assert.equal(parsed.is, 'run', 'message' in parsed ? parsed.message : '');
  return parsed.is === 'run' ? parsed.settings : assert.fail();
}

test('defaults stand where nothing is said', () => {
  const defaults = settings();
  assert.equal(defaults.concurrent, 16);
  assert.equal(defaults.defaultIntervalMs, 600_000);
  assert.equal(defaults.workers, 'auto');
  assert.equal(defaults.workersMax, 'auto');
});

test('values come after = or as the next argument, with one dash or two', () => {
  const set = settings(
    '--concurrent=4',
    '-default-interval',
    '90s',
    '--no-cross-namespace-refs',
    '--drift-watch=false',
  );
  assert.equal(set.concurrent, 4);
  assert.equal(set.defaultIntervalMs, 90_000);
  assert.equal(set.noCrossNamespaceRefs, true);
  assert.equal(set.driftWatch, false);
  assert.equal(settings('--build-cache=64Mi').buildCacheBytes, 64 * 2 ** 20);
});

test('what may be repeated is gathered', () => {
  assert.deepEqual(settings().overrideManagers, []);
  assert.deepEqual(settings('--override-manager=a', '--override-manager', 'b').overrideManagers, ['a', 'b']);
});

test('the environment stands in for a flag that is absent or empty', () => {
  const variables = { STAGESET_WATCH_NAMESPACES: 'c' };
  const watched = (...args: string[]) => {
    const parsed = parseFlags(flags, args, variables);
    return parsed.is === 'run' ? parsed.settings.watchNamespaces : assert.fail();
  };
  assert.deepEqual(settings().watchNamespaces, []);
  assert.deepEqual(watched('--watch-namespaces=a, b'), ['a', 'b']);
  assert.deepEqual(watched('--watch-namespaces='), ['c']);
  assert.deepEqual(watched(), ['c']);
  assert.deepEqual(parseFlags(flags, [], { STAGESET_WATCH_NAMESPACES: 'a,a' }), {
    is: 'wrong',
    message: 'STAGESET_WATCH_NAMESPACES names "a" twice',
  });
});

for (const [args, message] of [
  [['--concurrent=0'], '--concurrent wants a whole number from 1 to 10000, not "0"'],
  [['--concurrent'], '--concurrent wants a value'],
  [['--default-interval=5'], '--default-interval wants a duration above zero, such as 90s or 1h30m, not "5"'],
  [['--inventory-mode=none'], '--inventory-mode wants one of entries, hybrid, applyset, not "none"'],
  [['--drift-watch=maybe'], '--drift-watch wants true or false, not "maybe"'],
  [
    ['--memory-budget=lots'],
    '--memory-budget wants a size such as 512Mi, or 0 for what the machine allows, not "lots"',
  ],
  [['--events-addr=notifications:80'], '--events-addr wants an http or https URL without user and password'],
  [['--events-addr=http://a:b@c/'], '--events-addr wants an http or https URL without user and password'],
  [['--watch-namespaces=a,,b'], '--watch-namespaces wants names between its commas, not "a,,b"'],
  [['--watch-namespaces=a,B'], '--watch-namespaces wants names of namespaces, which "B" cannot be'],
  [['--watch-namespaces=a,b,a'], '--watch-namespaces names "a" twice'],
  [
    ['--rollback-store-s3-endpoint=http://minio:9000'],
    '--rollback-store-s3-endpoint wants a host or host:port without a scheme, not "http://minio:9000"',
  ],
  [['--nope'], 'unknown flag --nope; see --help'],
  [['nope'], '"nope" is not a flag; see --help'],
] as const) {
  test(`${args.join(' ')} is refused by name`, () => {
    assert.deepEqual(parseFlags(flags, args), { is: 'wrong', message });
  });
}

test('help names every flag', () => {
  const help = helpText('stageset-controller', flags);
  for (const flag of Object.values(flags)) assert.ok(help.includes(`--${flag.name}`), flag.name);
});

test('help tells the defaults, as one would write them', () => {
  const help = helpText('stageset-controller', flags);
  for (const told of [
    'count. Default: 16.',
    'interval. Default: 10m.',
    'interval. Default: true.',
    '"0" disables them. Default: :8081.',
  ]) {
    assert.ok(help.includes(told), told);
  }
});
