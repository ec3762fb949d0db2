-- CreateTable
CREATE TABLE "BreakGlass" (
    "id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "endedBy" UUID,
    "reviewSince" TIMESTAMPTZ(3),
    "reviewedBy" UUID,
    "reviewedAt" TIMESTAMPTZ(3),
    "justified" BOOLEAN,
    "comment" TEXT,

    CONSTRAINT "BreakGlass_pkey" PRIMARY KEY ("id")
);

-- Nobody is named until somebody names them.
UPDATE "RoleSettings" SET rules = rules || '{"breakGlass": {"personIds": [], "groupIds": []}}'::jsonb
  WHERE rules IS NOT NULL;
UPDATE "SettingsProposal" SET rules = rules || '{"breakGlass": {"personIds": [], "groupIds": []}}'::jsonb
  WHERE rules IS NOT NULL;

-- Access that somebody takes by themselves is one of a kind with activations, and may stand beside a direct assignment,
-- such as one that begins later.
DROP INDEX "Assignment_one_activation";
CREATE UNIQUE INDEX "Assignment_one_activation" ON "Assignment" ("principalId", "roleId", "scopeId")
  WHERE kind = 'active' AND ("eligibilityId" IS NOT NULL OR "requestId" IS NOT NULL)
  AND status IN ('Scheduled', 'Provisioning', 'Active', 'Extending');
ALTER TABLE "Assignment" DROP CONSTRAINT "Assignment_one_after_another";
ALTER TABLE "Assignment" ADD CONSTRAINT "Assignment_one_after_another" EXCLUDE USING gist (
  "only_text"("principalId"::text || ' ' || kind || ' ' || "roleId" || ' ' || "scopeId") WITH =,
  "time_held"("startsAt", "endsAt", status, until) WITH &&
) WHERE (
  "eligibilityId" IS NULL AND "requestId" IS NULL
  AND status IN ('InForce', 'Scheduled', 'Provisioning', 'Active', 'Extending')
);
