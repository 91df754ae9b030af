/** The formats that SOPS knows; `binary` is any other file, wrapped in JSON. */
export type SopsFormat = 'json' | 'dotenv' | 'ini' | 'yaml' | 'binary';

/**
 * Undefined for a file that SOPS did not encrypt. One that it did is of the format that its name says if it can be, else
 * of the one that it looks like.
 */
export function sopsFormat(path: string, bytes: Uint8Array): SopsFormat | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Cheap, for most files are not encrypted.
  if (!buffer.includes('ENC[AES256_GCM,') || !buffer.includes('sops')) return undefined;
  const text = buffer.toString('latin1');
  const possible = formats.filter(({ looksLike }) => looksLike(text));
  return (possible.find(({ name }) => name.test(path)) ?? possible[0])?.format;
}

interface Marks {
  readonly format: SopsFormat;
  readonly name: RegExp;
  readonly looksLike: (text: string) => boolean;
}

const isJson = (text: string) => /^\s*\{/.test(text) && /"mac"\s*:\s*"ENC\[/.test(text);

const formats: readonly Marks[] = [
  { format: 'dotenv', name: /\.env$/, looksLike: (text) => /^sops_mac=ENC\[/m.test(text) },
  { format: 'ini', name: /\.ini$/, looksLike: (text) => /^\[sops\]/m.test(text) },
  { format: 'json', name: /\.json$/, looksLike: isJson },
  // JSON is YAML, so only a name tells such a file from one that was wrapped in JSON for want of a format.
  { format: 'yaml', name: /\.ya?ml$/, looksLike: hasYamlMetadata },
  { format: 'binary', name: /(?:)/, looksLike: isJson },
];

function hasYamlMetadata(text: string): boolean {
  return /^(?:sops|"sops"|'sops'):/m.test(text) || (/^\s*\{/.test(text) && /"?sops"?\s*:/.test(text));
}
