import { defaultValues } from '../default-values.ts';
import { optional, struct, text } from './language.ts';
import { apiVersion, kind, namespace, objectName } from './names.ts';

/** A Flux source, or the producer of one, that a stage or an action renders. */
export const sourceRef = struct(
  'The artifact to render: a Flux source read directly, or an object that publishes an ExternalArtifact.',
  {
    name: objectName('Name of the source.'),
    kind: optional(
      kind(
        'Kind of the source. ExternalArtifact, GitRepository, OCIRepository and Bucket are read directly; for any other kind the one ' +
          'ExternalArtifact whose spec.sourceRef points back at the named object is used.',
        { defaultsTo: defaultValues.sourceKind },
      ),
    ),
    apiVersion: optional(
      apiVersion(
        'API version of the source, such as source.toolkit.fluxcd.io/v1. Required for a kind that is not one of Flux’s own sources.',
      ),
    ),
    namespace: optional(
      namespace(
        'Namespace of the source. Another one than the StageSet’s is refused under --no-cross-namespace-refs.',
        {
          defaultsTo: 'the StageSet’s namespace',
        },
      ),
    ),
  },
);

/** One object on the target cluster; what for is the description's to say. */
export const objectTarget = (description: string) => struct(description, objectTargetFields);

export const objectTargetFields = {
  apiVersion: apiVersion('API version of the object, such as apps/v1.'),
  kind: kind('Kind of the object.'),
  name: objectName('Name of the object.'),
  namespace: optional(
    namespace('Namespace of the object; left out for a cluster-scoped kind.', {
      defaultsTo: 'the StageSet’s namespace',
    }),
  ),
};

export const buildPath = (description: string) => optional(text(description, { defaultsTo: defaultValues.path }));
