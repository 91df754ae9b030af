import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFlags } from './parse.ts';
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
  [
    ['--webhook-cert-validity=59s'],
    '--webhook-cert-validity wants a duration of 1m or more, such as 90s or 1h30m, not "59s"',
  ],
  [
    ['--worker-memory=512'],
    '--worker-memory wants a size of 32Mi or more, such as 512Mi, or 0 for what the machine allows, not "512"',
  ],
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
  [['--concurrent=4', 'nope'], 'argument 2 is not a flag; see --help'],
  [
    ['--metrics-bind-address=8080'],
    '--metrics-bind-address wants an address such as :8080 or 127.0.0.1:8080, or 0, not "8080"',
  ],
  [
    ['--gate-bind-address=:65536'],
    '--gate-bind-address wants an address such as :8080 or 127.0.0.1:8080, or nothing, not ":65536"',
  ],
  [
    ['--zap-log-level=0'],
    '--zap-log-level wants one of debug, info, warn, error, panic, or a number from 1 to 999, not "0"',
  ],
  [['--inventory-mode=a\nb'], '--inventory-mode wants one of entries, hybrid, applyset, not "a b"'],
] as const) {
  test(`${args.join(' ')} is refused by name`, () => {
    assert.deepEqual(parseFlags(flags, args), { is: 'wrong', message });
  });
}

test('a secret comes from its flag or the environment, and what is wrong with it does not show it', () => {
  const environment = { STAGESET_ROLLBACK_STORE_S3_SECRET_KEY: 'from-there' };
  const keyWith = (...args: readonly string[]) => parseFlags(flags, args, environment);
  const key = (...args: readonly string[]) => {
    const parsed = keyWith(...args);
    return parsed.is === 'run' ? parsed.settings.rollbackStoreS3SecretKey : assert.fail();
  };
  assert.equal(key(), 'from-there');
  assert.equal(key('--rollback-store-s3-secret-key=from-here'), 'from-here');
  for (const wrong of [
    ['--rollback-store-s3-secret-key=hunter2\n'],
    ['--rollback-store-s3-secret-key', '=', 'hunter2'],
    ['--rollback-store-s3-secret_key=hunter2'],
    ['--Rollback-store-s3-secret-key=hunter2'],
  ]) {
    const parsed = keyWith(...wrong);
    assert.ok(parsed.is === 'wrong' && !parsed.message.includes('hunter2'), JSON.stringify(parsed));
  }
  const inEnvironment = parseFlags(flags, [], { STAGESET_ROLLBACK_STORE_S3_SECRET_KEY: ' hunter2' });
  assert.deepEqual(inEnvironment, {
    is: 'wrong',
    message: 'STAGESET_ROLLBACK_STORE_S3_SECRET_KEY wants text without blanks around it and without line breaks',
  });
});

test('what is off is off in any spelling, and booleans are Go’s', () => {
  assert.equal(settings('--gate-bind-address=0').gateBindAddress, '');
  assert.equal(settings('--gate-bind-address=').gateBindAddress, '');
  assert.equal(settings('--metrics-bind-address=0').metricsBindAddress, '0');
  assert.equal(settings('--drift-watch=F').driftWatch, false);
  assert.equal(settings('--leader-elect=1').leaderElect, true);
});
