import { readyChecks } from '../../../shared/api/schema/ready-checks.ts';
import type { HealthExpr, ObjectTarget, ReadyChecks } from '../../../shared/api/types.ts';
import type { Input } from '../input.ts';
import { conditions } from './leave.ts';

/** Flux waits for all objects under `wait`, else for those that are named, else for none; a StageSet waits for all. */
export function readyChecksOf(spec: Input): ReadyChecks | undefined {
  const wait = spec.bool('wait') ?? false;
  const named = checksOf(spec);
  if (wait && named.length > 0) spec.note('healthChecks', conditions.healthChecksBesideWait);
  const exprs = spec.copy<readonly HealthExpr[]>('healthCheckExprs', readyChecks.fields.exprs) ?? [];
  const checks = wait ? [] : named;
  const found: ReadyChecks = {
    ...(!wait && checks.length === 0 && { disableWait: true }),
    ...(checks.length > 0 && { checks }),
    ...(exprs.length > 0 && { exprs }),
  };
  return Object.keys(found).length > 0 ? found : undefined;
}

function checksOf(spec: Input): readonly ObjectTarget[] {
  return spec.parts('healthChecks').flatMap((check): readonly ObjectTarget[] => {
    const apiVersion = check.text('apiVersion');
    const kind = check.text('kind') ?? '';
    const name = check.text('name') ?? '';
    const namespace = check.text('namespace');
    if (apiVersion === undefined) {
      check.note('apiVersion', conditions.checkWithoutVersion);
      return [];
    }
    return [{ apiVersion, kind, name, ...(namespace !== undefined && { namespace }) }];
  });
}
