-- AlterTable
ALTER TABLE "Assignment" ADD COLUMN     "principalKind" TEXT NOT NULL DEFAULT 'person';

-- AlterTable
ALTER TABLE "Request" ADD COLUMN     "action" TEXT NOT NULL DEFAULT 'selfActivate',
ADD COLUMN     "startsAt" TIMESTAMPTZ(3);

-- The settings become one document; what they did not say before has its default.
ALTER TABLE "RoleSettings" DROP CONSTRAINT "RoleSettings_pkey",
ADD COLUMN     "audience" TEXT NOT NULL DEFAULT 'everyone',
ADD COLUMN     "rules" JSONB;

UPDATE "RoleSettings" SET "rules" = jsonb_build_object(
  'activationMaximumMinutes', "activationMaximumMinutes",
  'justificationRequired', "justificationRequired",
  'ticketRequired', "ticketRequired",
  'approval', CASE WHEN "approvalRequired" THEN jsonb_build_object(
    'stages', jsonb_build_array(jsonb_build_object(
      'approvers', jsonb_build_object('personIds', to_jsonb("approverIds"), 'groupIds', '[]'::jsonb),
      'quorum', 1,
      'backups', '{"personIds": [], "groupIds": []}'::jsonb,
      'backupAfterMinutes', 30)),
    'decidingRequires', '{"kind": "none"}'::jsonb) END,
  'requestLifetimeMinutes', "requestLifetimeMinutes",
  'permanentEligibleAllowed', "permanentEligibleAllowed",
  'eligibleMaximumMinutes', "eligibleMaximumMinutes"
);

ALTER TABLE "RoleSettings" ALTER COLUMN "rules" SET NOT NULL,
DROP COLUMN "activationMaximumMinutes",
DROP COLUMN "approvalRequired",
DROP COLUMN "approverIds",
DROP COLUMN "eligibleMaximumMinutes",
DROP COLUMN "justificationRequired",
DROP COLUMN "permanentEligibleAllowed",
DROP COLUMN "requestLifetimeMinutes",
DROP COLUMN "ticketRequired",
ADD CONSTRAINT "RoleSettings_pkey" PRIMARY KEY ("roleId", "scopeId", "audience");

-- CreateTable
CREATE TABLE "Group" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "roleAssignable" BOOLEAN NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Group_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Group_name_key" ON "Group"("name");

-- By hand. A group's eligible assignment is everybody's in it; to activate, to extend and to renew are apart.
DROP INDEX "Request_one_open";
CREATE UNIQUE INDEX "Request_one_open" ON "Request" ("principalId", "eligibilityId", "action", "scopeId")
  WHERE status IN ('PendingEvaluation', 'PendingApproval', 'ScheduleCreated', 'PendingProvisioning');
-- A direct active assignment and an activation may stand side by side.
DROP INDEX "Assignment_one_in_force";
CREATE UNIQUE INDEX "Assignment_one_in_force" ON "Assignment" ("principalId", "roleId", "scopeId", ("eligibilityId" IS NULL))
  WHERE kind = 'active' AND status IN ('Provisioning', 'Active');
