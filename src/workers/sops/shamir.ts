import { SopsError } from './sops-error.ts';

/**
 * The secret from its shares: each a value of one polynomial a byte over GF(2^8), and at its end the place where. Shares
 * that do not belong together give rubbish, which the first value that does not decrypt tells.
 */
export function combineShares(shares: readonly Uint8Array[]): Uint8Array {
  const [first] = shares;
  if (first === undefined || first.length < 2 || shares.some(({ length }) => length !== first.length)) {
    throw new SopsError('the shares of the data key are of different lengths');
  }
  const places = shares.map((share) => share[share.length - 1] ?? 0);
  if (new Set(places).size !== places.length) throw new SopsError('a share of the data key is there twice');
  const weights = places.map((place) => weightAtZero(place, places));
  return Uint8Array.from({ length: first.length - 1 }, (_, at) =>
    shares.reduce((sum, share, index) => sum ^ multiply(share[at] ?? 0, weights[index] ?? 0), 0),
  );
}

/** What a share counts in Lagrange's interpolation; adding and subtracting are both exclusive or. */
function weightAtZero(place: number, places: readonly number[]): number {
  return places
    .filter((other) => other !== place)
    .reduce((product, other) => multiply(product, divide(other, place ^ other)), 1);
}

function divide(a: number, b: number): number {
  // b^254 is 1/b, for b^255 is 1.
  let inverse = 1;
  for (let power = 0; power < 254; power++) inverse = multiply(inverse, b);
  return multiply(a, inverse);
}

/** In the field of AES. */
function multiply(a: number, b: number): number {
  let product = 0;
  let shifted = a;
  for (let bits = b; bits > 0; bits >>= 1) {
    if (bits & 1) product ^= shifted;
    shifted = shifted & 0x80 ? ((shifted << 1) ^ 0x11b) & 0xff : shifted << 1;
  }
  return product;
}
