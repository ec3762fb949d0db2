import type { ScopeId } from './ids.ts';

export type ScopeKind = 'directory' | 'management-group' | 'subscription' | 'resource-group' | 'resource' | 'group';

/** A place in the tree in which privileges are inherited downwards: `/` > management group > … > resource. */
export interface Scope {
  readonly id: ScopeId;
  readonly name: string;
  readonly kind: ScopeKind;
  readonly parentId: ScopeId | null;
}

/** The scope and everything above it, nearest first, as a lookup over the tree gives them. */
export type ScopeChain = readonly [Scope, ...Scope[]];

/** Whether a privilege held at `held` reaches the first scope of `chain`. */
export const reaches = (held: ScopeId, chain: ScopeChain): boolean => chain.some((scope) => scope.id === held);

/** Where directory roles are held. */
export const directoryScope = '/' as ScopeId;
