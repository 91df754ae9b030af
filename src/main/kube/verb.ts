import { isCollectionPath } from './paths.ts';
import type { KubeRequest } from './types.ts';

/** What a request is called in metrics. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'apply' | 'delete';

export function verbOf(request: KubeRequest): Verb {
  switch (request.method) {
    case 'GET':
      if (request.query?.watch !== undefined) return 'watch';
      return isCollectionPath(request.path) ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return request.contentType === 'application/apply-patch+yaml' ? 'apply' : 'patch';
    case 'DELETE':
      return 'delete';
    default:
      return request satisfies never;
  }
}
