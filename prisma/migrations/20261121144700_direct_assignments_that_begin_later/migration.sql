-- By hand. What begins later occupies its place already.
DROP INDEX "Assignment_one_in_force";
CREATE UNIQUE INDEX "Assignment_one_in_force" ON "Assignment" ("principalId", "roleId", "scopeId", ("eligibilityId" IS NULL))
  WHERE kind = 'active' AND status IN ('Scheduled', 'Provisioning', 'Active');
-- What hangs on an eligible assignment ends with it.
CREATE INDEX "Assignment_activations" ON "Assignment" ("eligibilityId") WHERE "eligibilityId" IS NOT NULL;
