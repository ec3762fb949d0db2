import type { PersonId } from '../../src/domain/ids.ts';
import { approvalBy, defaultRoleSettings, type RoleSettings } from '../../src/domain/role-settings.ts';
import type { Prisma, PrismaClient } from '../../src/store/generated/client.ts';

/** Settings as their row keeps them; what is not said has its default. */
export const rulesOf = (differs: Partial<RoleSettings>): Prisma.InputJsonObject => {
  const { version: _, ...rules } = { ...defaultRoleSettings('resource'), ...differs };
  return rules as unknown as Prisma.InputJsonObject;
};

/** From now on the role asks for this approval, wherever it has settings. */
export async function stagesAre(
  prisma: PrismaClient,
  roleId: string,
  ...stages: readonly {
    readonly approvers: readonly string[];
    readonly groups?: readonly string[];
    readonly quorum?: number;
    readonly backups?: readonly string[];
  }[]
): Promise<void> {
  const approval = {
    ...approvalBy([]),
    stages: stages.map(({ approvers, groups = [], quorum = 1, backups = [] }) => ({
      approvers: { personIds: approvers, groupIds: groups },
      quorum,
      backups: { personIds: backups, groupIds: [] },
      backupAfterMinutes: 30,
    })),
  };
  await prisma.$executeRaw`
    UPDATE "RoleSettings" SET version = version + 1,
      rules = jsonb_set(rules, '{approval}', ${JSON.stringify(approval)}::jsonb)
    WHERE "roleId" = ${roleId}`;
}

/** From now on these people decide about a role of the demo organisation, wherever it has settings. */
export async function approversAre(
  prisma: PrismaClient,
  roleId: string,
  approverIds: readonly string[],
): Promise<void> {
  await prisma.$executeRaw`
    UPDATE "RoleSettings" SET version = version + 1,
      rules = jsonb_set(rules, '{approval}', ${JSON.stringify(approvalBy(approverIds as PersonId[]))}::jsonb)
    WHERE "roleId" = ${roleId}`;
}
