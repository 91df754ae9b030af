import type { HealthExprs } from '../../../src/shared/kstatus/by-exprs.ts';
import type { KubeObject } from '../../../src/shared/objects/object.ts';

// What Flux is asked about: which expression wins, and what expressions mean.

export interface HealthCase {
  readonly name: string;
  readonly object: KubeObject;
  readonly exprs: HealthExprs;
}

export function allCases(): readonly HealthCase[] {
  const meaning = expressions.map((current) => ({ name: current, object: database, exprs: { current } }));
  return [...decisions, ...meaning];
}

const metadata = {
  name: 'main',
  generation: 3,
  creationTimestamp: '2030-01-01T00:00:00Z',
  annotations: { count: '4' },
};
const condition = { type: 'Ready', status: 'True', reason: 'Because', observedGeneration: 3 };
const database: KubeObject = {
  apiVersion: 'db.example/v1',
  kind: 'Database',
  metadata,
  spec: { replicas: 3, ratio: 0.5, tags: ['a', 'b'], extra: null, map: { 'a-b': 1 }, big: 9_007_199_254_740_991 },
  status: {
    readyReplicas: 3,
    phase: 'Running',
    empty: '',
    conditions: [condition, { type: 'Synced', status: 'False' }],
  },
};

function withStatus(status: unknown, rest: object = {}): KubeObject {
  const { status: _, ...object } = database;
  return { ...object, ...(status !== undefined && { status }), metadata: { ...metadata, ...rest } };
}

const all: HealthExprs = {
  inProgress: "status.phase in ['Pending', 'All']",
  failed: "status.phase in ['Failed', 'All', 'FailedAndCurrent']",
  current: "status.phase in ['Running', 'All', 'FailedAndCurrent']",
};

const decisions: readonly HealthCase[] = [
  ...['Pending', 'Failed', 'Running', 'All', 'FailedAndCurrent', 'Odd', ''].map((phase) => ({
    name: `phase "${phase}"`,
    object: withStatus({ phase }),
    exprs: all,
  })),
  { name: 'no status', object: withStatus(undefined), exprs: all },
  { name: 'empty status', object: withStatus({}), exprs: all },
  { name: 'null status', object: withStatus(null), exprs: all },
  { name: 'no status, asked with has()', object: withStatus(undefined), exprs: { current: 'has(status.phase)' } },
  {
    name: 'no status, asked as an optional',
    object: withStatus(undefined),
    exprs: { current: 'status.?phase.hasValue()' },
  },
  { name: 'inProgress errs', object: withStatus({}), exprs: { inProgress: 'status.x == 1', current: 'true' } },
  { name: 'failed errs', object: withStatus({}), exprs: { failed: 'status.x == 1', current: 'true' } },
  {
    name: 'failed errs after inProgress',
    object: withStatus({}),
    exprs: { inProgress: 'true', failed: 'status.x == 1', current: 'true' },
  },
  { name: 'inProgress is no bool', object: withStatus({}), exprs: { inProgress: "'yes'", current: 'true' } },
  { name: 'older generation observed', object: withStatus({ phase: 'Running', observedGeneration: 2 }), exprs: all },
  { name: 'later generation observed', object: withStatus({ phase: 'Running', observedGeneration: 4 }), exprs: all },
  { name: 'this generation observed', object: withStatus({ phase: 'Running', observedGeneration: 3 }), exprs: all },
  {
    name: 'older generation observed, failed',
    object: withStatus({ phase: 'Failed', observedGeneration: 2 }),
    exprs: all,
  },
  {
    name: 'observed generation is text',
    object: withStatus({ phase: 'Running', observedGeneration: '3' }),
    exprs: all,
  },
  {
    name: 'no generation',
    object: withStatus({ phase: 'Running', observedGeneration: 3 }, { generation: undefined }),
    exprs: all,
  },
  {
    name: 'deleted',
    object: withStatus({ phase: 'Running' }, { deletionTimestamp: '2030-01-02T00:00:00Z' }),
    exprs: all,
  },
  {
    name: 'Stalled and not Ready',
    object: withStatus({
      phase: 'Running',
      conditions: [
        { type: 'Stalled', status: 'True' },
        { type: 'Ready', status: 'False' },
      ],
    }),
    exprs: all,
  },
  { name: 'broken current', object: database, exprs: { current: 'status.' } },
  { name: 'broken failed', object: database, exprs: { current: 'true', failed: '(' } },
  { name: 'empty inProgress', object: database, exprs: { current: 'true', inProgress: '' } },
];

const expressions: readonly string[] = [
  'true',
  'false',
  'status.missing',
  'status.phase',
  "status.phase == 'Running'",
  "status.phase != 'Running'",
  'status.phase == "Running" && kind == "Database"',
  "apiVersion == 'db.example/v1'",
  'unknown.field == 1',
  'unknown == 1',
  "status.phase in ['Running']",
  "'a' in spec.tags && !('c' in spec.tags)",
  "'a-b' in spec.map && spec.map['a-b'] == 1",
  "'nope' in spec.map",
  'spec.extra == null',
  'spec.replicas == null',
  'spec.replicas == 3',
  'spec.replicas == 3.0',
  'spec.replicas > 2.5',
  'spec.ratio < 1',
  'spec.ratio * 2.0 == 1.0',
  'spec.replicas * 0.5 == 1.5',
  'status.readyReplicas >= spec.replicas',
  'status.readyReplicas + 1 > spec.replicas',
  'spec.replicas - 5 < 0',
  'spec.replicas / 2 == 1',
  'spec.replicas % 2 == 1',
  'spec.replicas / 0 == 1',
  'spec.big == 9007199254740991',
  'spec.big + 1 == 9007199254740992',
  "spec.replicas == '3'",
  "spec.replicas < 'a'",
  'status.phase > 1',
  "status.phase < 'S'",
  "status.phase + '!' == 'Running!'",
  "'a' + 1 == 'a1'",
  '[1] + [2] == [1, 2]',
  "size(spec.tags) == 2 && spec.tags.size() == 2 && size('née') == 3",
  "string(spec.replicas) == '3' && int('3') == 3 && double('0.5') == 0.5 && string(true) == 'true'",
  'int(metadata.annotations.count) == 4',
  "int('x') == 1",
  "bool('true')",
  'has(status.phase)',
  'has(status.missing)',
  'has(status.missing.deeper)',
  'has(status.empty)',
  "status.?phase.orValue('none') == 'Running'",
  "status.?missing.orValue('none') == 'none'",
  "status[?'phase'].orValue('') == 'Running'",
  'status.?conditions[?9].hasValue()',
  "optional.of('a').or(optional.none()).value() == 'a'",
  'status.?missing.deeper.hasValue()',
  "status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')",
  "status.conditions.exists_one(c, c.status == 'True')",
  'status.conditions.all(c, has(c.reason))',
  "status.conditions.all(c, c.reason != '')",
  "status.conditions.exists(c, c.reason == 'Because')",
  "status.conditions.filter(c, c.type == 'Ready').all(c, c.observedGeneration == metadata.generation)",
  "status.conditions.filter(c, c.type == 'Nope').all(c, false)",
  "status.conditions.map(c, c.type) == ['Ready', 'Synced']",
  "status.conditions.map(c, c.status == 'True', c.type) == ['Ready']",
  'spec.map.exists(k, spec.map[k] == 1)',
  'status.conditions[0].type == "Ready"',
  'status.conditions[9].type == "Ready"',
  "spec.tags[0] == 'a' && spec.tags[1] == 'b'",
  'status.missing && false',
  'false && status.missing == 1',
  'true || status.missing == 1',
  'status.missing == 1 || true',
  'status.missing == 1 || false',
  'status.missing == 1 && true',
  "spec.replicas == 3 ? status.phase == 'Running' : status.missing == 1",
  'status.missing == 1 ? true : true',
  '!true || !!true',
  '-spec.replicas == -3',
  "status.phase.startsWith('Run') && status.phase.endsWith('ning') && status.phase.contains('unn')",
  "status.phase.matches('^R.*g$') && status.phase.matches('unn')",
  "status.phase.matches('^(?i)run') && status.phase.matches('\\\\w+')",
  "status.phase.matches('(')",
  "status.phase.matches('(?=R)')",
  "status.phase.lowerAscii() == 'running' && status.phase.upperAscii() == 'RUNNING'",
  "' a '.trim() == 'a' && 'a,b'.split(',') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b'",
  "'abc'.substring(1) == 'bc' && 'abc'.substring(0, 2) == 'ab' && 'abcb'.indexOf('b') == 1 && 'abcb'.lastIndexOf('b') == 3",
  "timestamp(metadata.creationTimestamp) < timestamp('2030-01-01T00:00:01Z')",
  "timestamp(metadata.creationTimestamp) + duration('1h') == timestamp('2030-01-01T01:00:00Z')",
  'timestamp(metadata.creationTimestamp).getFullYear() == 2030',
  "duration('90s') > duration('1m') && duration('90s').getMinutes() == 1",
  "timestamp('nonsense') == timestamp('nonsense')",
  "duration('1x') == duration('1s')",
  'type(spec.replicas) == int && type(spec.tags) == list && type(status) == map',
  "dyn(1) == 1 && [1, 'a', true].size() == 3",
  "{'a': 1, 'b': 2}.size() == 2",
  "{'a': 1}.a == 1",
  '1 == 1u && 1 == 1.0 && 1u == 1.0',
  '9223372036854775807 + 1 > 0',
  '5 - (3 - 1) * 2 == 1 && (5 - 3) - 1 == 1',
  "status == {'phase': 'Running'}",
  "'né'.charAt(1) == 'é' && 'né'.charAt(2) == ''",
  "'né'.charAt(3) == ''",
  "'a-b'.replace('-', '+') == 'a+b'",
  "'abc'.reverse() == 'cba'",
  "'%d of %s'.format([1, 'two']) == '1 of two'",
  'sets.contains([1, 2, 3], [2]) && !sets.contains([1], [2])',
  'sets.equivalent([1, 2, 2], [2, 1]) && !sets.equivalent([1], [])',
  "sets.intersects(spec.tags, ['b', 'c']) && !sets.intersects(spec.tags, [])",
  "base64.encode(b'hello') == 'aGVsbG8=' && base64.decode('aGVsbG8=') == b'hello'",
  'lookUp(status.phase)',
];
