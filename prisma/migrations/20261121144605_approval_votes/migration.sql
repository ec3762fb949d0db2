-- AlterTable
ALTER TABLE "Request" ADD COLUMN     "backups" TEXT,
ADD COLUMN     "stage" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "stageSince" TIMESTAMPTZ(3),
ADD COLUMN     "votes" JSONB NOT NULL DEFAULT '[]';

-- What was decided before was decided by one.
UPDATE "Request" SET "votes" = jsonb_build_array(jsonb_build_object(
  'by', "decidedBy",
  'as', 'approver',
  'insteadOf', NULL,
  'stage', 1,
  'approves', "status" <> 'Denied',
  'at', to_char("decidedAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'justification', coalesce("decisionJustification", ''),
  'durationMinutes', NULL))
WHERE "decidedBy" IS NOT NULL AND "decidedAt" IS NOT NULL;
