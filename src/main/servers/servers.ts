import type { Clock } from '../../shared/time/clock.ts';
import type { Log } from '../log/log.ts';
import { CannotListen, type OnRequest, type OpenServer, openServer, type Service } from './open-server.ts';

/** The servers of this process, which end together. */
export class Servers {
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #open: OpenServer[] = [];

  constructor({ log, clock }: { readonly log: Log; readonly clock: Clock }) {
    this.#log = log;
    this.#clock = clock;
  }

  /** Rejects with CannotListen where its port is taken. */
  async open(service: Service, onRequest: OnRequest): Promise<OpenServer> {
    const server = await openServer(service, onRequest, this.#clock);
    this.#open.push(server);
    this.#log.info(`serving ${server.what}`, { port: server.port });
    return server;
  }

  /** Without this one the controller does its work all the same. */
  async openIfPossible(service: Service, onRequest: OnRequest): Promise<void> {
    try {
      await this.open(service, onRequest);
    } catch (error) {
      if (!(error instanceof CannotListen)) throw error;
      this.#log.error(`not serving ${service.what}`, { error });
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map((server) => server.close()));
  }
}
