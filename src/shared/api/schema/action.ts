import { defaultValues } from '../default-values.ts';
import { bool, integer, list, oneOf, optional, struct, text } from './language.ts';
import { duration, durationOrZero, objectName, phrase, stepName } from './names.ts';
import { buildPath, objectTarget, sourceRef } from './references.ts';

const patch = struct('Patches one existing object on the target cluster. A missing target fails the action.', {
  target: objectTarget('The object to patch.'),
  type: optional(
    oneOf(
      'merge is a strategic merge where the kind has a schema for one, else a JSON merge patch; json6902 is a list of JSON patch operations.',
      ['merge', 'json6902'],
      { defaultsTo: defaultValues.patchType },
    ),
  ),
  patch: phrase('The patch itself, as JSON or YAML text.'),
});

const http = struct('Sends one HTTP request and checks the status of the answer.', {
  url: text('Where to send it: an http or https URL whose host --allowed-action-hosts allows.', {
    pattern: '^https?://.+',
    kindOfText: 'an http or https URL',
  }),
  method: optional(
    oneOf('The request method.', ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'], {
      defaultsTo: defaultValues.httpMethod,
    }),
  ),
  body: optional(text('Request body, sent as it is written here. Not together with bodyFrom.')),
  bodyFrom: optional(
    struct('Takes the request body from a Secret in the StageSet’s namespace. Not together with body.', {
      name: objectName('Name of the Secret.'),
      key: phrase('Entry of the Secret that holds the body.'),
    }),
  ),
  headersFrom: optional(
    list(
      'Request headers taken from Secrets in the StageSet’s namespace.',
      struct('One header.', {
        name: objectName('Name of the Secret.'),
        key: text('Entry of the Secret that holds the value; it is also the name of the header.', {
          pattern: "^[-!#$%&'*+.^_`|~0-9A-Za-z]+$",
          kindOfText: 'the name of a header',
        }),
      }),
    ),
  ),
  expectedStatus: optional(
    list('Status codes that count as success.', integer('A status code.', { minimum: 100, maximum: 599 }), {
      defaultsTo: 'any 2xx',
    }),
  ),
});

const wait = struct('Waits for some time, or until a condition holds on an object. Set duration, or target and expr.', {
  duration: optional(durationOrZero('How long to wait.')),
  target: optional(objectTarget('The object on the target cluster to watch.')),
  expr: optional(
    phrase('A CEL expression over the target, its fields at top level, such as status.availableReplicas >= 3.'),
  ),
  timeout: optional(
    duration('How long expr may take to hold. Beside the action’s timeout the shorter one counts.', {
      defaultsTo: 'the action’s timeout',
    }),
  ),
});

const job = struct(
  'Renders an artifact, applies its Jobs and what they need, and waits until the Jobs have completed.',
  {
    sourceRef,
    path: buildPath('Folder of the artifact to render.'),
  },
);

const remove = struct(
  'Deletes one object on the target cluster and waits until it is gone. A missing one is a success.',
  {
    target: objectTarget('The object to delete.'),
  },
);

const apply = struct('Renders an artifact and applies it without recording it: nothing of it is ever pruned.', {
  sourceRef,
  path: buildPath('Folder of the artifact to render.'),
  wait: optional(bool('Waits until the applied objects are ready.', { defaultsTo: 'false' })),
});

/** The verbs, one of which an action carries. */
export const verbs = { patch, http, wait, job, delete: remove, apply } as const;

export const action = struct('One step, with exactly one of patch, http, wait, job, delete and apply.', {
  name: stepName('Name of the action, unique in its list. What ran is remembered under it. It holds no slash.'),
  timeout: optional(
    duration('How long the action may take. A wait by duration has no timeout.', {
      defaultsTo: `${defaultValues.actionTimeout}, for a job ${defaultValues.jobTimeout}`,
    }),
  ),
  retries: optional(
    integer('How often a failed action is tried again, with a growing pause between.', {
      minimum: 0,
      maximum: 100,
      defaultsTo: String(defaultValues.retries),
    }),
  ),
  patch: optional(patch),
  http: optional(http),
  wait: optional(wait),
  job: optional(job),
  delete: optional(remove),
  apply: optional(apply),
});

export const actionList = (description: string) => list(description, action, { namedBy: 'name' });
