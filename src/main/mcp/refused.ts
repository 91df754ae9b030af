/** What was asked for is not done. The message is for who asked. */
export class Refused extends Error {}
