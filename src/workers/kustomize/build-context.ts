import type { CancelFlag } from '../../shared/protocol/tasks.ts';
import type { OpenApi } from './openapi/open-api.ts';

/** What all kustomizations of one build share. */
export interface BuildContext {
  readonly schemas: OpenApi;
  readonly flag: CancelFlag;
  /** Whether the root asks for origins: a base has no say in it. */
  readonly tracksOrigins: boolean;
}
