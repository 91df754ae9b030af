import { hash } from 'node:crypto';
import { stringifyExact } from '../../shared/json/exact-json.ts';
import { planLimits } from '../../shared/protocol/limits.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';

/** Where an object's JSON lies among all of them. */
export interface Body {
  readonly offset: number;
  readonly length: number;
  readonly digest: string;
}

/** Gathers the bodies of a plan into one buffer. Keys keep the order of the source: equal source, equal digest. */
export class BodyWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  add(object: YamlMap): Body {
    const bytes = Buffer.from(stringifyExact(object));
    const offset = this.#length;
    this.#length += bytes.length;
    if (this.#length > planLimits.bodyBytes) {
      const limitMiB = planLimits.bodyBytes / 1024 / 1024;
      throw new TaskError('limitExceeded', `the stage renders more than ${limitMiB} MiB`);
    }
    this.#parts.push(bytes);
    return { offset, length: bytes.length, digest: hash('sha256', bytes) };
  }

  finish(): ArrayBuffer {
    const all = new Uint8Array(this.#length);
    let offset = 0;
    for (const part of this.#parts) {
      all.set(part, offset);
      offset += part.length;
    }
    return all.buffer;
  }
}
