import { big } from './big.ts';
import { build } from './build/build.ts';
import { converge } from './converge.ts';
import { fleet } from './fleet.ts';
import { gate } from './gate/gate.ts';
import type { Bench } from './harness/bench.ts';
import { latencies } from './latencies.ts';
import { pool } from './pool.ts';
import { restart } from './restart.ts';
import { rollout } from './rollout.ts';
import { steady } from './steady.ts';
import { stuck } from './stuck.ts';
import { waiting } from './waiting.ts';
import { yaml } from './yaml/yaml.ts';

/** By the name that they are asked for with. */
export const benches: Readonly<Record<string, Bench>> = {
  converge,
  steady,
  restart,
  rollout,
  stuck,
  waiting,
  big,
  build,
  yaml,
  gate,
  pool,
  fleet,
  latencies,
};
