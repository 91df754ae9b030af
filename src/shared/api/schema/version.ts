import { defaultValues } from '../default-values.ts';
import { actionList } from './action.ts';
import { list, optional, struct, text } from './language.ts';
import { apiVersion, kind, objectName, phrase, stepName } from './names.ts';

export const version = struct(
  'Where the version of this release is written: exactly one of value, fromObject and fromArtifact. Setting it turns migrations on.',
  {
    value: optional(text('The version itself, a semantic version; a leading v is accepted.')),
    fromObject: optional(
      struct('Reads the version from an object that a stage renders.', {
        stage: phrase('Name of the stage.'),
        kind: kind('Kind of the object.'),
        name: objectName('Name of the object.'),
        apiVersion: optional(apiVersion('API version of the object, where kind and name alone leave a choice.')),
        fieldPath: optional(
          text('A kubectl JSONPath that gives the bare version, such as {.data.version}.', {
            minLength: 1,
            defaultsTo: defaultValues.versionFieldPath,
          }),
        ),
      }),
    ),
    fromArtifact: optional(
      struct('Reads the version from a file in a stage’s artifact.', {
        stage: phrase('Name of the stage.'),
        path: phrase('Path of the file from the artifact’s root, relative and clean, such as release/VERSION.'),
      }),
    ),
  },
);

const migration = struct('Actions that run once, when a rollout crosses a version.', {
  name: stepName('Name of the migration, unique in the StageSet. It holds no slash.'),
  from: optional(
    text('A constraint that the version deployed so far must meet, such as 1.* or >=1.2.0 <2.0.0.', {
      minLength: 1,
      defaultsTo: 'any version below to',
    }),
  ),
  to: phrase(
    'The version that must be crossed, a semantic version: above the one deployed so far, at or below the new one.',
  ),
  stage: phrase('Name of the stage before whose pre actions the migration runs.'),
  actions: actionList('The steps of the migration, run in order.'),
});

export const migrations = list('Actions tied to versions; they need spec.version.', migration, { namedBy: 'name' });
