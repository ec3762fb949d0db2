import type { Reads } from '../../src/commands/ports.ts';

/** The same reads, and which of them were asked for, in their order: each is a query or two, whatever it is given. */
export function countingReads(reads: Reads): { readonly reads: Reads; readonly asked: readonly string[] } {
  const asked: string[] = [];
  const counted = new Proxy(reads, {
    get: (all, name, receiver) => {
      asked.push(String(name));
      return Reflect.get(all, name, receiver);
    },
  });
  return { reads: counted, asked };
}
