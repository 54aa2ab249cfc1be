/** The schema's name; everything of ours is in it. */
export const schema = 'forge_session_resume';

/**
 * What leads from one version of the tables to the next, oldest first; what was released is never changed.
 * `text` is a run byte for byte; `state` is for people's queries, null where the server cannot hold it (`\u0000`, `1e999999`),
 * or it is over 1 MiB.
 */
export const migrations: readonly string[] = [
  `
CREATE TABLE ${schema}.project (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE ${schema}.session (
  project integer NOT NULL REFERENCES ${schema}.project,
  id text NOT NULL CHECK (id ~ '^[A-Za-z0-9_-]{1,64}$'),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (project, id)
);
CREATE TABLE ${schema}.transfer (
  id text PRIMARY KEY,
  n bigint GENERATED ALWAYS AS IDENTITY,
  project integer NOT NULL,
  source text NOT NULL,
  target text NOT NULL,
  started_at text NOT NULL,
  epoch bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  settled_at timestamptz,
  FOREIGN KEY (project, source) REFERENCES ${schema}.session,
  FOREIGN KEY (project, target) REFERENCES ${schema}.session
);
CREATE INDEX transfer_into ON ${schema}.transfer (project, target, n DESC);
CREATE INDEX transfer_unsettled ON ${schema}.transfer (project) WHERE settled_at IS NULL;
CREATE TABLE ${schema}.run (
  project integer NOT NULL,
  session text NOT NULL,
  text text NOT NULL,
  state jsonb,
  active boolean NOT NULL,
  phase text NOT NULL,
  iteration double precision,
  started_at text NOT NULL,
  owner_codex_session text NOT NULL,
  owner_codex_thread text NOT NULL,
  owner_key text NOT NULL,
  epoch bigint NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  ended_by text REFERENCES ${schema}.transfer ON DELETE SET NULL,
  written_at timestamptz NOT NULL DEFAULT now(),
  turn_at timestamptz,
  PRIMARY KEY (project, session),
  FOREIGN KEY (project, session) REFERENCES ${schema}.session
);
CREATE INDEX run_live ON ${schema}.run (project, owner_key) WHERE active;
CREATE INDEX run_ended_by ON ${schema}.run (ended_by) WHERE ended_by IS NOT NULL;
`,
  // For people: a run that is ended for good forgets its transfers, what happened stays known.
  `
CREATE TABLE ${schema}.history (
  n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project integer NOT NULL REFERENCES ${schema}.project,
  at timestamptz NOT NULL DEFAULT now(),
  entry jsonb NOT NULL
);
CREATE INDEX history_of ON ${schema}.history (project, n DESC);
INSERT INTO ${schema}.history (project, at, entry)
  SELECT project, at, jsonb_build_object('outcome', 'committed', 'transferId', id, 'source', source, 'target', target)
  FROM ${schema}.transfer ORDER BY n;
`,
  // Of the session that has the run; they move with it.
  `
CREATE TABLE ${schema}.companion (
  project integer NOT NULL,
  session text NOT NULL,
  name text NOT NULL CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
  bytes bytea NOT NULL,
  PRIMARY KEY (project, session, name),
  FOREIGN KEY (project, session) REFERENCES ${schema}.session
);
`,
  // A line has its number within its project: so the one that is too old is found without a count.
  `
ALTER TABLE ${schema}.history DROP CONSTRAINT history_pkey;
DROP INDEX ${schema}.history_of;
ALTER TABLE ${schema}.history ALTER COLUMN n DROP IDENTITY;
ALTER TABLE ${schema}.history RENAME COLUMN n TO line;
UPDATE ${schema}.history AS h SET line = numbered.line FROM (
  SELECT line AS n, row_number() OVER (PARTITION BY project ORDER BY line) AS line FROM ${schema}.history
) AS numbered WHERE h.line = numbered.n;
ALTER TABLE ${schema}.history ADD PRIMARY KEY (project, line);
DELETE FROM ${schema}.history AS h
  WHERE line <= (SELECT max(line) FROM ${schema}.history WHERE project = h.project) - 10000;
`,
  // What jsonb refuses only the server knows, and it may take seconds over 8 MiB; one such run must not keep others out.
  `
CREATE FUNCTION ${schema}.as_jsonb(value text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  RETURN CASE WHEN octet_length(value) <= 1048576 THEN value::jsonb END;
EXCEPTION WHEN others THEN
  RETURN NULL;
END $$;
GRANT EXECUTE ON FUNCTION ${schema}.as_jsonb TO PUBLIC;
`,
];
