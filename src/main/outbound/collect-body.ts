export class BodyTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`more than ${maxBytes} bytes`);
    this.name = 'BodyTooLarge';
  }
}

const unknownSize = 64 * 1024;

/** A body in one buffer. One over the limit is not read any further; what is expected decides only how often it is copied. */
export async function collectBody(
  body: AsyncIterable<Uint8Array>,
  { maxBytes, expectedBytes = unknownSize }: { readonly maxBytes: number; readonly expectedBytes?: number | undefined },
): Promise<ArrayBuffer> {
  let buffer = new ArrayBuffer(Math.min(expectedBytes, maxBytes));
  let length = 0;
  for await (const chunk of body) {
    const needed = length + chunk.byteLength;
    if (needed > maxBytes) throw new BodyTooLarge(maxBytes);
    if (needed > buffer.byteLength)
      buffer = buffer.transfer(Math.min(Math.max(needed, 2 * buffer.byteLength), maxBytes));
    new Uint8Array(buffer).set(chunk, length);
    length = needed;
  }
  return buffer.transfer(length);
}
