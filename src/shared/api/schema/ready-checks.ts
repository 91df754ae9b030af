import { bool, list, optional, struct } from './language.ts';
import { apiVersion, duration, kind, phrase } from './names.ts';
import { objectTarget } from './references.ts';

const expr = struct('Health of one kind, told by CEL expressions over the whole object, its fields at top level.', {
  apiVersion: apiVersion('API version of the objects.'),
  kind: kind('Kind of the objects.'),
  current: phrase('True when the object is ready, such as status.phase == "Running".'),
  inProgress: optional(phrase('True while the object is on its way. Looked at first.')),
  failed: optional(phrase('True when the object has failed for good, which ends the wait at once.')),
});

export const readyChecks = struct('When the stage counts as ready. Left out, every object that it applied must be.', {
  timeout: optional(
    duration('How long to wait for readiness, in place of what is left of the stage’s timeout.', {
      defaultsTo: 'the rest of the stage’s timeout',
    }),
  ),
  disableWait: optional(bool('Goes on without waiting for readiness.', { defaultsTo: 'false' })),
  checks: optional(list('Narrows the wait to these objects.', objectTarget('One object to wait for.'))),
  exprs: optional(
    list('Custom health for kinds whose readiness their status does not tell in the usual way, as in Flux.', expr),
  ),
});
