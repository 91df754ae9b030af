import { Refused } from './refused.ts';

/** A flood must not take the API server from the controller itself. */
const MOST_AT_WORK = 4;
const MOST_AT_WORK_FOR_ONE = 2;
const MOST_WAITING_OF_ONE = 4;
const MOST_WAITING = 1_000;

interface Peer {
  atWork: number;
  /** Each begins what waits. */
  readonly line: (() => void)[];
}

/**
 * Work for whoever asks, a share for each peer: one that floods fills its own line only. Another one finds a slot free, or
 * gets one when the peers before it have had a turn.
 */
export class Shares {
  /** Who had no turn for the longest time comes first. */
  readonly #peers = new Map<string, Peer>();
  #atWork = 0;
  #waiting = 0;

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const peer = this.#peers.get(name) ?? { atWork: 0, line: [] };
    await this.#turnOf(name, peer);
    try {
      return await work();
    } finally {
      peer.atWork -= 1;
      this.#atWork -= 1;
      if (peer.atWork === 0 && peer.line.length === 0) this.#peers.delete(name);
      this.#serve();
    }
  }

  #turnOf(name: string, peer: Peer): Promise<void> {
    if (peer.line.length >= MOST_WAITING_OF_ONE || this.#waiting >= MOST_WAITING) {
      throw new Refused('too many bearer tokens are being looked at: try again in a moment');
    }
    this.#peers.set(name, peer);
    const turn = Promise.withResolvers<void>();
    peer.line.push(turn.resolve);
    this.#waiting += 1;
    this.#serve();
    return turn.promise;
  }

  #serve(): void {
    for (const [name, peer] of this.#peers) {
      if (this.#atWork >= MOST_AT_WORK) return;
      if (peer.atWork >= MOST_AT_WORK_FOR_ONE) continue;
      const begin = peer.line.shift();
      if (begin === undefined) continue;
      peer.atWork += 1;
      this.#atWork += 1;
      this.#waiting -= 1;
      this.#peers.delete(name);
      this.#peers.set(name, peer); // behind the others, and met again here if nobody else wants the slot
      begin();
    }
  }
}
