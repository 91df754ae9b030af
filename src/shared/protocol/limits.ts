const MiB = 1024 * 1024;

/** Bounds on what comes from outside. Past one of them a task fails with `limitExceeded` and names it. */
export const artifactLimits = {
  archiveBytes: 64 * MiB,
  inflatedBytes: 512 * MiB,
  entryBytes: 16 * MiB,
  extractedBytes: 64 * MiB,
  entries: 10_000,
  /** What one extended header (long names, PAX records) may hold. */
  extensionBytes: MiB,
  pathBytes: 4_096,
  nameBytes: 255,
  allPathsBytes: 4 * MiB,
  pathDepth: 64,
  linkHops: 40,
} as const;

export const manifestLimits = {
  /** Nested lists and maps in one document. */
  depth: 256,
  /** Characters of one file read again (src/shared/yaml/lenient-events.ts). */
  rereadCharacters: 16 * MiB,
} as const;

export const planLimits = {
  objects: 50_000,
  bodyBytes: 128 * MiB,
} as const;

/** Files and an index of them, in which a path may be written with escapes. */
const fileMapBytes = artifactLimits.extractedBytes + 8 * artifactLimits.allPathsBytes;

/**
 * What a task may take and give in buffers. V8's limit of a worker's heap leaves them out, so what crosses is bounded
 * here, whatever a task itself refuses earlier and explains better.
 */
export const taskLimits = {
  unpack: { inputBytes: artifactLimits.archiveBytes, outputBytes: fileMapBytes },
  build: { inputBytes: fileMapBytes, outputBytes: planLimits.bodyBytes },
  judge: { inputBytes: 0, outputBytes: 0 },
} as const;
