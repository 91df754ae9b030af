/** Why an encrypted file cannot be read. The message holds no plaintext and no key. */
export class SopsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SopsError';
  }
}
