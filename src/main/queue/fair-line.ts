import { Chain, type Link } from './chain.ts';

interface Queue<T> {
  readonly items: Chain<T>;
  /** Where this namespace stands among those that wait. */
  place: Link<string>;
}

/** Namespaces take turns; inside one, first come, first served. Each step costs the same however many wait. */
export class FairLine<T> {
  readonly #queues = new Map<string, Queue<T>>();
  readonly #namespaces = new Chain<string>();

  /** Returns how to step out of the line. */
  join(namespace: string, item: T): () => void {
    const queue = this.#queues.get(namespace) ?? this.#open(namespace);
    const link = queue.items.push(item);
    return () => {
      queue.items.remove(link);
      if (queue.items.size > 0) return;
      this.#namespaces.remove(queue.place);
      this.#queues.delete(namespace);
    };
  }

  /** Whose turn it is; its namespace goes behind the others. The item stays in line until it steps out. */
  next(): T | undefined {
    const namespace = this.#namespaces.first;
    const queue = namespace === undefined ? undefined : this.#queues.get(namespace);
    if (namespace === undefined || queue === undefined) return undefined;
    this.#namespaces.remove(queue.place);
    queue.place = this.#namespaces.push(namespace);
    return queue.items.first;
  }

  #open(namespace: string): Queue<T> {
    const queue = { items: new Chain<T>(), place: this.#namespaces.push(namespace) };
    this.#queues.set(namespace, queue);
    return queue;
  }
}
