/** Stands for the namespace that a spec is rolled out in. */
export const OWN_NAMESPACE = 'own-namespace';
/** The namespace of what is there for all walks. */
export const SHELF = 'shelf';
/** Stands for where a server listens that says 200 to whatever it is asked. */
export const LISTENER = 'http://listener.test';
/** Told by objects and by a file. */
export const VERSION_OF_SOURCES = '3.0.0';
