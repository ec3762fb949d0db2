-- By hand. Direct assignments of the same kind, of the same principal, role and scope, that are not over: one after
-- another, never at the same time, whoever writes them at once. What names them is a range of text with one member:
-- ranges have the operators that an exclusion constraint needs, without an extension. A target system may keep an end
-- less exactly than it was given: a minute is let pass. One whose end is being moved keeps its place until the later end.
CREATE TYPE "TextRange" AS RANGE (subtype = text, collation = "C");

CREATE FUNCTION "only_text"(value text) RETURNS "TextRange" LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN "TextRange"(value, value, '[]');

CREATE FUNCTION "time_held"(starts timestamptz, ends timestamptz, status text, until timestamptz) RETURNS tstzrange
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN tstzrange(
    starts,
    CASE
      WHEN ends IS NULL OR (status = 'Extending' AND until IS NULL) THEN NULL
      ELSE greatest(
        starts,
        (greatest(ends, until) AT TIME ZONE 'UTC' - interval '1 minute') AT TIME ZONE 'UTC'
      )
    END,
    '[]'
  );

DROP INDEX "Assignment_one_eligible";
DROP INDEX "Assignment_one_in_force";

-- Activations of a principal, role and scope: one at a time.
CREATE UNIQUE INDEX "Assignment_one_activation" ON "Assignment" ("principalId", "roleId", "scopeId")
  WHERE kind = 'active' AND "eligibilityId" IS NOT NULL
  AND status IN ('Scheduled', 'Provisioning', 'Active', 'Extending');

ALTER TABLE "Assignment" ADD CONSTRAINT "Assignment_one_after_another" EXCLUDE USING gist (
  "only_text"("principalId"::text || ' ' || kind || ' ' || "roleId" || ' ' || "scopeId") WITH =,
  "time_held"("startsAt", "endsAt", status, until) WITH &&
) WHERE ("eligibilityId" IS NULL AND status IN ('InForce', 'Scheduled', 'Provisioning', 'Active', 'Extending'));
