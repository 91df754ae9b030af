/** What has to hold before requests are sent to this replica: each part registers what it needs. */
export class Readiness {
  readonly #conditions: Condition[] = [];

  /** `whyNot` is asked at each probe: undefined where all is well. */
  require(whyNot: Condition): void {
    this.#conditions.push(whyNot);
  }

  /** Empty: ready. */
  get missing(): readonly string[] {
    return this.#conditions.flatMap((whyNot) => whyNot() ?? []);
  }
}

type Condition = () => string | undefined;
