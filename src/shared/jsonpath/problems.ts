/** Why an object gives no text. Names what was asked for, never what is there. */
export class EvaluationProblem extends Error {}

/** Of nothing that was looked into. */
export class NotFound extends EvaluationProblem {
  constructor(field: string) {
    super(`${field} is not found`);
  }
}
