import { createDecipheriv } from 'node:crypto';
import { parseTimestamp } from '../../shared/yaml/timestamp.ts';
import { SopsError } from './sops-error.ts';
import { Comment, type Leaf, Timestamp } from './tree.ts';

/** None of the first three may hold a comma: four runs of anything would be looked for in every combination. */
const ENCRYPTED = /^ENC\[AES256_GCM,data:([^,]+),iv:([^,]+),tag:([^,]+),type:(.+)\]/;
const KEY_BYTES = 32;
const TAG_BYTES = 16;

/** Decrypts one value; what it is bound to is the path of keys above it. Never tells what it found. */
export function decryptValue(text: string, dataKey: Uint8Array, boundTo: string): Leaf {
  if (text === '') return '';
  const [, data, iv, tag, type] = ENCRYPTED.exec(text) ?? [];
  if (data === undefined || iv === undefined || tag === undefined) throw new SopsError('a value is not encrypted');
  return typed(open({ data, iv, tag }, dataKey, boundTo), type ?? '');
}

function open(
  { data, iv, tag }: { readonly data: string; readonly iv: string; readonly tag: string },
  dataKey: Uint8Array,
  boundTo: string,
): Buffer {
  if (dataKey.length !== KEY_BYTES) throw new SopsError('the data key has the wrong length');
  try {
    const decipher = createDecipheriv('aes-256-gcm', dataKey, Buffer.from(iv, 'base64'), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(Buffer.from(tag, 'base64'));
    decipher.setAAD(Buffer.from(boundTo));
    return Buffer.concat([decipher.update(data, 'base64'), decipher.final()]);
  } catch {
    throw new SopsError('a value does not decrypt with the data key: it, or its place in the file, was changed');
  }
}

/** The type is not authenticated, so it may say anything. */
function typed(bytes: Buffer, type: string): Leaf {
  const text = bytes.toString('utf8');
  switch (type) {
    case 'str':
      return text;
    case 'int':
      if (!/^[-+]?\d{1,19}$/.test(text)) break;
      return BigInt(text.replace('+', ''));
    case 'float':
      if (!Number.isFinite(Number(text)) || !/^[-+.\deE]+$/.test(text)) break;
      return Number(text);
    case 'bool':
      if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return true;
      if (/^(?:0|f|F|FALSE|false|False)$/.test(text)) return false;
      break;
    case 'bytes':
      return bytes;
    case 'time':
      if (parseTimestamp(text) === undefined) break;
      return new Timestamp(text);
    case 'comment':
      return new Comment(text);
  }
  throw new SopsError('a value is not of the type that it is marked with');
}
