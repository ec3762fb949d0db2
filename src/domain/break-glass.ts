import type { PersonId, RequestId } from './ids.ts';

/** Break-glass access that was taken, beside its request: who ended it early, and what was said of it afterwards. */
export interface BreakGlass {
  /** Its request's. */
  readonly id: RequestId;
  readonly version: number;
  /** Of those who were told, whoever ended it before its time. */
  readonly endedBy: PersonId | null;
  /** `null` as long as it is not over. */
  readonly review: Review | null;
}

/** Whether it was justified: the first answer counts. */
export type Review =
  | { readonly status: 'open'; readonly since: Date }
  | {
      readonly status: 'answered';
      readonly since: Date;
      readonly by: PersonId;
      readonly at: Date;
      readonly justified: boolean;
      readonly comment: string | null;
    };
