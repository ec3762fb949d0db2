-- AlterTable
ALTER TABLE "Assignment" ADD COLUMN     "until" TIMESTAMPTZ(3);

-- By hand. One whose end is being moved is in force, and owed something.
DROP INDEX "Assignment_one_in_force";
CREATE UNIQUE INDEX "Assignment_one_in_force" ON "Assignment" ("principalId", "roleId", "scopeId", ("eligibilityId" IS NULL))
  WHERE kind = 'active' AND status IN ('Scheduled', 'Provisioning', 'Active', 'Extending');
DROP INDEX "Assignment_owed";
CREATE INDEX "Assignment_owed" ON "Assignment" ("queuedAt") WHERE status IN ('Provisioning', 'Extending', 'Revoking');
CREATE INDEX "Request_outcome" ON "Request" ("assignmentId") WHERE status = 'PendingProvisioning';
CREATE INDEX "Assignment_expired" ON "Assignment" ("principalId", "closedAt") WHERE status = 'Ended';
