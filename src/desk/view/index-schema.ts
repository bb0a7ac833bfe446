/**
 * `PRAGMA user_version`: an index with another number has another schema and must be built again.
 */
export const indexVersion = 2

/**
 * `index.sqlite`: every case of a casebook, for arbitrary queries (`sqlite3 -readonly
 * index.sqlite`). It holds nothing of its own and can be rebuilt from the folders at any time. Days
 * are YYYY-MM-DD, instants UTC. SQLite keeps the comments: `.schema` shows them.
 */
export const indexSchema = `
CREATE TABLE cases (
  receipt TEXT PRIMARY KEY, -- SHA-256 of the envelope; the folder in tips/
  id TEXT NOT NULL UNIQUE, -- its shortest unique beginning
  title TEXT NOT NULL,
  tier INTEGER NOT NULL CHECK (tier BETWEEN 0 AND 3), -- 0 is the most urgent; what counts
  computed_tier INTEGER NOT NULL, -- what the rules said when the index was made
  decided_by TEXT NOT NULL, -- rules, earlier, analyst
  priority TEXT NOT NULL, -- HURIDOCS micro-thesaurus 46
  due_at TEXT NOT NULL, -- somebody must have looked by then
  is_overdue INTEGER NOT NULL,
  window_days INTEGER, left_days INTEGER, window_ends_on TEXT, -- of the return window
  act_by TEXT, act_by_reason TEXT, -- expected, window or deadline
  status TEXT NOT NULL, read_at TEXT, opened_at TEXT NOT NULL,
  assigned TEXT, deadline TEXT, group_name TEXT,
  reliability TEXT, -- HURIDOCS micro-thesaurus 42
  topic TEXT, lang TEXT,
  detained_edtf TEXT, detained_earliest TEXT, detained_latest TEXT, -- null: open or unknown
  people_min INTEGER NOT NULL, people_max INTEGER NOT NULL,
  narrative TEXT -- null: no tip to read
) STRICT;
CREATE INDEX cases_by_urgency ON cases (tier, due_at);
CREATE TABLE reasons ( -- why a case is in its tier
  receipt TEXT NOT NULL REFERENCES cases, position INTEGER NOT NULL, code TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE TABLE persons (
  key TEXT PRIMARY KEY, -- RECEIPT#POSITION
  receipt TEXT NOT NULL REFERENCES cases, position INTEGER NOT NULL,
  person_id TEXT, -- equal ones are one human being, by an analyst's word
  display_name TEXT NOT NULL, sex TEXT, birth_edtf TEXT,
  age_min INTEGER, age_max INTEGER, -- at detention, international reckoning
  minor TEXT NOT NULL, elderly TEXT NOT NULL, -- yes, no, possible, unknown
  status TEXT, confirmed INTEGER, guide INTEGER, ethnicity TEXT
) STRICT;
CREATE INDEX persons_by_case ON persons (receipt);
CREATE INDEX persons_by_id ON persons (person_id) WHERE person_id IS NOT NULL;
CREATE TABLE nationalities ( person_key TEXT NOT NULL REFERENCES persons, country TEXT NOT NULL ) STRICT;
CREATE TABLE risks ( person_key TEXT NOT NULL REFERENCES persons, flag TEXT NOT NULL ) STRICT;
CREATE TABLE names ( -- every spelling, as it was written
  person_key TEXT NOT NULL REFERENCES persons, text TEXT NOT NULL, folded TEXT NOT NULL, script TEXT, kind TEXT, written_by TEXT
) STRICT;
CREATE INDEX names_by_folded ON names (folded);
CREATE TABLE name_keys ( -- spellings of one name share a key: Ri, Lee, Yi
  person_key TEXT NOT NULL REFERENCES persons, key TEXT NOT NULL
) STRICT;
CREATE INDEX name_keys_by_key ON name_keys (key);
CREATE TABLE dates ( -- of the event: detained_when, last_contact, transfer, expected
  receipt TEXT NOT NULL REFERENCES cases, what TEXT NOT NULL, edtf TEXT NOT NULL, earliest TEXT, latest TEXT
) STRICT;
CREATE INDEX dates_by_day ON dates (earliest, latest);
CREATE TABLE places ( -- where_taken, held_where, transfer_from, transfer_to
  receipt TEXT NOT NULL REFERENCES cases, what TEXT NOT NULL, text TEXT, country TEXT, admin TEXT, lat REAL, lon REAL, precision_km REAL
) STRICT;
CREATE TABLE authorities ( receipt TEXT NOT NULL REFERENCES cases, code TEXT NOT NULL ) STRICT;
CREATE TABLE links ( -- the other case may not be in this casebook
  receipt TEXT NOT NULL REFERENCES cases, other TEXT NOT NULL, kind TEXT NOT NULL
) STRICT;
CREATE TABLE consent ( -- what counts: recorded consent before the tip's, silence is ask_first
  receipt TEXT NOT NULL REFERENCES cases, recipient TEXT NOT NULL, level TEXT NOT NULL, PRIMARY KEY (receipt, recipient)
) STRICT;
CREATE TABLE attachments ( receipt TEXT NOT NULL REFERENCES cases, path TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL ) STRICT;
CREATE INDEX attachments_by_digest ON attachments (sha256);
CREATE TABLE problems ( receipt TEXT NOT NULL REFERENCES cases, code TEXT NOT NULL, detail TEXT NOT NULL ) STRICT;
-- Parts of words count: three letters or more with MATCH, shorter ones with LIKE '%..%'. Text is NFKC and lower case.
CREATE VIRTUAL TABLE search USING fts5 (receipt UNINDEXED, title, names, places, narrative, notes, tokenize = 'trigram case_sensitive 1');
`
