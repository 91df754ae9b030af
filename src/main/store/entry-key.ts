/** Whose entries these are. A StageSet that is deleted and made anew has another UID, and none of the old ones. */
export interface EntryOwner {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** One of them. */
export interface EntryAt extends EntryOwner {
  readonly stage: string;
  /** Of the artifact. */
  readonly digest: string;
  readonly renderDigest: string;
}

export function folderOf({ namespace, name, uid }: EntryOwner): string {
  return `${namespace}/${name}/${uid}/`;
}

/** Undefined where what status says is no digest: whoever may write it must not choose a path. */
export function keyOf(at: EntryAt): string | undefined {
  const names = [at.digest, at.renderDigest].map(nameOf);
  return names.includes(undefined) ? undefined : `${folderOf(at)}${at.stage}/${names.join('-')}`;
}

/** Without the colon, which some file systems refuse. */
function nameOf(digest: string): string | undefined {
  return /^sha(256|512):[0-9a-f]{64,128}$/.test(digest) ? digest.replace(':', '-') : undefined;
}

/** Of an owner's entry. */
export function stageOf(key: string): string | undefined {
  return key.split('/').at(-2);
}
