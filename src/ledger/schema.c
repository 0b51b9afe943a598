#include "ledger/schema.h"

/*
 * fact.at, kind, type and path repeat what stands in body, for the indices; verify holds
 * them against it. tile holds the Merkle tree: the roots of all complete subtrees of
 * 256^level facts, up to 256 of them in a row (tree.h). vault says where in which pack
 * a content lies, pack what each of these holds (vault.h). sender makes every draft count once;
 * cursor is how far the judge is; stamp is signed over these three (stamp.h). All are STRICT: a
 * cell of another type is damage.
 */
const char schema_truth[] =
    "CREATE TABLE fact(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL,"
    "  type TEXT NOT NULL, path TEXT, body BLOB NOT NULL) STRICT;"
    "CREATE INDEX fact_at ON fact(at);"
    "CREATE INDEX fact_type ON fact(type);"
    "CREATE INDEX fact_path ON fact(path) WHERE path IS NOT NULL;"
    "CREATE TABLE ref(target INTEGER NOT NULL, seq INTEGER NOT NULL,"
    "  PRIMARY KEY(target, seq)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE tile(level INTEGER NOT NULL, number INTEGER NOT NULL,"
    "  hashes BLOB NOT NULL, PRIMARY KEY(level, number)) STRICT;"
    "CREATE TABLE head(size INTEGER PRIMARY KEY, at INTEGER NOT NULL, before INTEGER NOT NULL,"
    "  root BLOB NOT NULL, sig BLOB NOT NULL) STRICT;"
    "CREATE TABLE vault(hash BLOB PRIMARY KEY, pack INTEGER NOT NULL, place INTEGER NOT NULL,"
    "  packed INTEGER NOT NULL, size INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX vault_place ON vault(pack, place);"
    "CREATE TABLE pack(id INTEGER PRIMARY KEY, bytes INTEGER NOT NULL, contents INTEGER NOT "
    "NULL,"
    "  gone INTEGER NOT NULL, chain BLOB NOT NULL) STRICT;"
    "CREATE TABLE sender(name TEXT PRIMARY KEY, last INTEGER NOT NULL,"
    "  seq INTEGER NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE cursor(name TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE stamp(id INTEGER PRIMARY KEY, line BLOB NOT NULL) STRICT;";

/*
 * view_file: one row a path; a_ is the approved state, p_ the present one (table.h). name
 * holds the path's raw bytes, so that rows come in the order of fact/table.h.
 */
const char *const schema_view[] = {
    "CREATE TABLE %s.view_root(id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, place "
    "INTEGER) STRICT",
    "CREATE TABLE %s.view_file(root INTEGER NOT NULL, name BLOB NOT NULL, role INTEGER NOT "
    "NULL,"
    "  a_class INTEGER NOT NULL, a_hash BLOB, a_size INTEGER, a_seq INTEGER, a_mode INTEGER,"
    "  a_uid INTEGER, a_gid INTEGER, a_feat TEXT,"
    "  p_class INTEGER NOT NULL, p_hash BLOB, p_size INTEGER, p_seq INTEGER, p_mode INTEGER,"
    "  p_uid INTEGER, p_gid INTEGER, p_feat TEXT,"
    "  sig TEXT, checked INTEGER NOT NULL, a_attrs INTEGER NOT NULL,"
    "  p_attrs INTEGER NOT NULL, PRIMARY KEY(root, name)) STRICT, WITHOUT ROWID",
    "CREATE TABLE %s.view_finding(seq INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
    "  state INTEGER NOT NULL, closed_by INTEGER NOT NULL, severity INTEGER NOT NULL,"
    "  type TEXT NOT NULL, root INTEGER NOT NULL, name BLOB NOT NULL, path TEXT NOT NULL) "
    "STRICT",
    "CREATE INDEX %s.view_finding_open ON view_finding(root, name) WHERE state = 0",
    "CREATE TABLE %s.view_note(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT "
    "ROWID",
    /*
     * Pages (view_pages.c). view_visit: visits of a page and arm in a row that saw the same
     * record. view_record: what a record's page takes. view_load: a script, in one version, as
     * long as it was loaded without a break.
     */
    "CREATE TABLE %s.view_arm(page TEXT NOT NULL, arm TEXT NOT NULL, record INTEGER NOT NULL,"
    "  before INTEGER NOT NULL, visit INTEGER NOT NULL, PRIMARY KEY(page, arm)) STRICT, "
    "WITHOUT "
    "ROWID",
    "CREATE TABLE %s.view_visit(first_seq INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL,"
    "  page TEXT NOT NULL, arm TEXT NOT NULL, record INTEGER NOT NULL, valid INTEGER NOT NULL,"
    "  first_at INTEGER NOT NULL, last_at INTEGER NOT NULL, n INTEGER NOT NULL) STRICT",
    "CREATE INDEX %s.view_visit_record ON view_visit(page, arm, record)",
    "CREATE TABLE %s.view_record(record INTEGER PRIMARY KEY, page TEXT NOT NULL,"
    "  arm TEXT NOT NULL, url TEXT NOT NULL, takes INTEGER NOT NULL) STRICT",
    "CREATE INDEX %s.view_record_arm ON view_record(page, arm, record)",
    "CREATE TABLE %s.view_load(id INTEGER PRIMARY KEY, page TEXT NOT NULL, arm TEXT NOT NULL,"
    "  url TEXT NOT NULL, host TEXT NOT NULL, hash TEXT NOT NULL, structure TEXT NOT NULL,"
    "  party TEXT NOT NULL, made_by TEXT NOT NULL, first_record INTEGER NOT NULL,"
    "  last_record INTEGER NOT NULL) STRICT",
    "CREATE INDEX %s.view_load_host ON view_load(host)",
    "CREATE INDEX %s.view_load_hash ON view_load(hash)",
    "CREATE INDEX %s.view_load_last ON view_load(page, arm, last_record)",
};
const int schema_view_count = sizeof(schema_view) / sizeof(schema_view[0]);

const char *const schema_view_table[] = {"view_root",   "view_file", "view_finding",
                                         "view_note",   "view_arm",  "view_visit",
                                         "view_record", "view_load"};
const int schema_view_tables = sizeof(schema_view_table) / sizeof(schema_view_table[0]);
