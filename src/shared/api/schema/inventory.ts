import { integer, list, optional, struct, text } from './language.ts';
import { phrase } from './names.ts';

const entry = struct('One object.', {
  id: phrase('Who it is: <namespace>_<name>_<group>_<kind>.'),
  v: phrase('API version that it was applied in.'),
  p: optional(
    text('One hash over what was applied and what of it is still the controller’s. Absent for sensitive objects.'),
  ),
});

export const stageInventorySpec = struct('What one stage has applied, or one shard of it.', {
  stagePosition: integer(
    'Place of the stage in its StageSet, counted from 0. Teardown goes from the last to the first.',
    {
      minimum: 0,
    },
  ),
  target: optional(
    struct('Where the objects were applied, and as whom. They are deleted there and as that.', {
      cluster: text('Identity of the cluster.'),
      identity: text('Identity that applied: a ServiceAccount’s user name, or the controller’s own.'),
    }),
  ),
  // Only for the column of `kubectl get -o wide`: a JSONPath cannot count.
  entriesCount: optional(integer('How many entries there are.', { minimum: 0 })),
  entries: list('The objects, sorted by id.', entry),
});
