/** Where the API server asks, spelled as controller-runtime does. */
export const ADMISSION_PATH = '/validate-stages-metio-wtf-v1-stageset';
