/** Cases that ours answers differently, by name, and why. The list may only get shorter. */
export const knownGaps: ReadonlyMap<string, string> = new Map<string, string>([]);
