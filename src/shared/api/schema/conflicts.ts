import { defaultValues } from '../default-values.ts';
import { bool, list, oneOf, optional, struct } from './language.ts';
import { apiVersion, kind, namespace, objectName } from './names.ts';

const answers = ['Fail', 'Recreate', 'KeepExisting'] as const;

const target = struct('What the rule is for. A field that is left out matches everything.', {
  apiVersion: optional(apiVersion('API version of the object.')),
  kind: optional(kind('Kind of the object.')),
  name: optional(objectName('Name of the object.')),
  namespace: optional(namespace('Namespace of the object.')),
});

const rule = struct('One answer for the objects that its target matches.', {
  target,
  action: oneOf('What to do with a matching object: see default.', answers),
  allowDataLoss: optional(
    bool(
      'Lets this rule recreate PersistentVolumeClaims and PersistentVolumes, whose data is lost with them. Required of a Recreate rule for one of these kinds.',
      {
        defaultsTo: 'false',
      },
    ),
  ),
});

export const conflictPolicy = struct(
  'What to do with an object whose change the API server refuses because a field is immutable or, under KeepExisting, because another manager owns it.',
  {
    default: optional(
      oneOf(
        'For objects that no rule matches. Fail stops the stage; Recreate deletes the object and creates it anew, but never a ' +
          'PersistentVolumeClaim or PersistentVolume; KeepExisting leaves the live object as it is.',
        answers,
        { defaultsTo: `${defaultValues.conflictAction}, or Recreate where force is set` },
      ),
    ),
    rules: optional(list('Tried in order; the first whose target matches decides.', rule)),
  },
);
