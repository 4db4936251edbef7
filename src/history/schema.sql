-- Format 1 of a history in SQLite: one file holds the logs of all accounts.
--
-- `text` is the record; the other columns repeat parts of it, for indexes and for people, and are
-- compared with it on every reading. There is no rowid, since a hidden key could be replaced.

CREATE TABLE log (
    account    TEXT    NOT NULL,                            -- the appid
    seq        INTEGER NOT NULL CHECK (seq > 0),
    prev       TEXT    NOT NULL CHECK (length(prev) = 64),
    hash       TEXT    NOT NULL CHECK (length(hash) = 64) UNIQUE,
    kind       TEXT    NOT NULL,
    effect     TEXT,
    generation INTEGER NOT NULL,
    text       TEXT    NOT NULL,
    PRIMARY KEY (account, seq)
) STRICT, WITHOUT ROWID;

-- R7: a send is accepted once.
CREATE UNIQUE INDEX log_accepted_once ON log (account, effect) WHERE kind = 'accepted';

CREATE TABLE blobs (
    fingerprint TEXT NOT NULL PRIMARY KEY CHECK (length(fingerprint) = 64),
    bytes       BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Nothing is ever updated, deleted or replaced. A REPLACE deletes what is in its way without a
-- DELETE trigger being asked, so an insert that any unique key would stop is refused beforehand.

CREATE TRIGGER log_grows_at_its_end BEFORE INSERT ON log
WHEN NEW.seq IS NOT 1 + coalesce(
        (SELECT seq FROM log WHERE account = NEW.account ORDER BY seq DESC LIMIT 1), 0)
    OR NEW.prev IS NOT coalesce(
        (SELECT hash FROM log WHERE account = NEW.account ORDER BY seq DESC LIMIT 1),
        '0000000000000000000000000000000000000000000000000000000000000000')
    OR EXISTS (SELECT 1 FROM log WHERE hash = NEW.hash)
    OR (NEW.kind = 'accepted' AND EXISTS (
        SELECT 1 FROM log
        WHERE account = NEW.account AND effect = NEW.effect AND kind = 'accepted'))
BEGIN SELECT RAISE(ABORT, 'a history only grows at its end'); END;

CREATE TRIGGER log_is_never_updated BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'a history is never updated'); END;

CREATE TRIGGER log_is_never_deleted BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'nothing is deleted from a history'); END;

CREATE TRIGGER blobs_are_kept_once BEFORE INSERT ON blobs
WHEN EXISTS (SELECT 1 FROM blobs WHERE fingerprint = NEW.fingerprint)
BEGIN SELECT RAISE(ABORT, 'a blob is kept once'); END;

CREATE TRIGGER blobs_are_never_updated BEFORE UPDATE ON blobs
BEGIN SELECT RAISE(ABORT, 'a blob is never updated'); END;

CREATE TRIGGER blobs_are_never_deleted BEFORE DELETE ON blobs
BEGIN SELECT RAISE(ABORT, 'no blob is deleted from a history'); END;
