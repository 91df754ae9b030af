export const GROUP = 'stages.metio.wtf';
export const VERSION = 'v1';
export const API_VERSION = `${GROUP}/${VERSION}` as const;
