/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit log: who, what, when, from where, before, after. Each row holds a SHA-256 over the hash
 * of the row before it and its own columns, so that a row that was changed, taken out or put in
 * later is noticed; the last one stands in audit_head, so that a missing end is noticed too. */
#include "config.h"

#include <string.h>

#include "store/ac-store-private.h"

#define COLUMNS                                                                                    \
  "at, actor, origin, event, kind, id, version, action, operation, before, after, comment"

static void
add_text (GChecksum *checksum, const char *text)
{
  /* The length keeps "ab"+"c" apart from "a"+"bc"; -1 keeps a missing text apart from "". */
  gint64 length = text != NULL ? (gint64)strlen (text) : -1;
  gint64 fixed = GINT64_TO_BE (length);

  g_checksum_update (checksum, (const guchar *)&fixed, sizeof fixed);
  if (length > 0)
    g_checksum_update (checksum, (const guchar *)text, (gssize)length);
}

static void
add_integer (GChecksum *checksum, gint64 value)
{
  gint64 fixed = GINT64_TO_BE (value);

  g_checksum_update (checksum, (const guchar *)&fixed, sizeof fixed);
}

/* 0 stands for a missing row number in AcAuditRow and in the hash. */
static void
hash_row (GChecksum *checksum,
          const guint8 *previous,
          gint64 seq,
          gint64 at,
          const AcActor *actor,
          const AcAuditRow *row,
          guint8 *hash)
{
  gsize length = AC_STORE_HASH_LENGTH;

  g_checksum_reset (checksum);
  g_checksum_update (checksum, previous, AC_STORE_HASH_LENGTH);
  add_integer (checksum, seq);
  add_integer (checksum, at);
  add_text (checksum, actor->name);
  add_text (checksum, actor->origin);
  add_text (checksum, row->event);
  add_text (checksum, row->kind);
  add_text (checksum, row->id);
  add_integer (checksum, row->version);
  add_integer (checksum, row->action);
  add_integer (checksum, row->operation);
  add_text (checksum, row->before);
  add_text (checksum, row->after);
  add_text (checksum, row->comment);
  g_checksum_get_digest (checksum, hash, &length);
}

static gboolean
load_head (AcSql *sql, gint64 *seq, guint8 *hash, GError **error)
{
  g_autoptr (AcSqlReset) query = ac_sql_query (sql, error, "SELECT seq, hash FROM audit_head", "");

  if (query == NULL)
    return FALSE;
  switch (ac_sql_step (sql, query, error))
    {
    case AC_SQL_ROW:
      if (sqlite3_column_bytes (query, 1) == AC_STORE_HASH_LENGTH)
        {
          *seq = sqlite3_column_int64 (query, 0);
          memcpy (hash, sqlite3_column_blob (query, 1), AC_STORE_HASH_LENGTH);
          return TRUE;
        }
      break;
    case AC_SQL_DONE:
      break;
    case AC_SQL_ERROR:
    default:
      return FALSE;
    }
  g_set_error_literal (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
                       "The audit log is damaged: its head is missing.");
  return FALSE;
}

/**
 * ac_write_audit:
 *
 * Adds @row to the chain, in the name of the transaction's actor.
 */
gboolean
ac_write_audit (AcWrite *write, const AcAuditRow *row, GError **error)
{
  gint64 action = row->action != 0 ? row->action : G_MININT64;
  gint64 operation = row->operation != 0 ? row->operation : G_MININT64;
  guint8 hash[AC_STORE_HASH_LENGTH];

  if (!write->audited)
    {
      if (!load_head (write->sql, &write->audit_seq, write->audit_hash, error))
        return FALSE;
      write->audited = TRUE;
      write->checksum = g_checksum_new (G_CHECKSUM_SHA256);
    }
  write->audit_seq++;
  hash_row (write->checksum, write->audit_hash, write->audit_seq, write->now, write->actor, row,
            hash);
  memcpy (write->audit_hash, hash, sizeof hash);
  /* "t" binds G_MININT64 as null. */
  return ac_sql_run (write->sql, error,
                     "INSERT INTO audit (seq, " COLUMNS ", hash) "
                     "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     "iisssssittsssb", write->audit_seq, write->now, write->actor->name,
                     write->actor->origin, row->event, row->kind, row->id, row->version, action,
                     operation, row->before, row->after, row->comment, hash, sizeof hash);
}

/* Once in each transaction that wrote to the log. */
gboolean
ac_write_audit_head (AcWrite *write, GError **error)
{
  if (!write->audited)
    return TRUE;
  return ac_sql_run (write->sql, error, "UPDATE audit_head SET seq = ?, hash = ?", "ib",
                     write->audit_seq, write->audit_hash, sizeof write->audit_hash);
}

static gboolean
damaged (gint64 seq, const char *what, GError **error)
{
  g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_FAILED,
               "The audit log is damaged at row %" G_GINT64_FORMAT ": %s.", seq, what);
  return FALSE;
}

static gboolean
verify_rows (AcSql *sql, guint64 *n_rows, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (AcSqlReset) query =
      ac_sql_query (sql, error, "SELECT seq, " COLUMNS ", hash FROM audit ORDER BY seq", "");
  guint8 hash[AC_STORE_HASH_LENGTH] = { 0 };
  guint8 head_hash[AC_STORE_HASH_LENGTH];
  gint64 head_seq;
  gint64 last = 0;
  AcSqlStep step;

  if (query == NULL)
    return FALSE;
  while ((step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      gint64 seq = sqlite3_column_int64 (query, 0);
      AcActor actor = { ac_sql_text (query, 2), ac_sql_text (query, 3) };
      AcAuditRow row = {
        .event = ac_sql_text (query, 4),
        .kind = ac_sql_text (query, 5),
        .id = ac_sql_text (query, 6),
        .version = sqlite3_column_int64 (query, 7),
        .action = sqlite3_column_int64 (query, 8),
        .operation = sqlite3_column_int64 (query, 9),
        .before = ac_sql_text (query, 10),
        .after = ac_sql_text (query, 11),
        .comment = ac_sql_text (query, 12),
      };

      if (seq != last + 1)
        return damaged (last + 1, "it is missing", error);
      hash_row (checksum, hash, seq, sqlite3_column_int64 (query, 1), &actor, &row, hash);
      if (sqlite3_column_bytes (query, 13) != AC_STORE_HASH_LENGTH ||
          memcmp (sqlite3_column_blob (query, 13), hash, AC_STORE_HASH_LENGTH) != 0)
        return damaged (seq, "it was changed after it was written", error);
      last = seq;
    }
  if (step == AC_SQL_ERROR || !load_head (sql, &head_seq, head_hash, error))
    return FALSE;
  if (head_seq > last)
    return damaged (last + 1, "it is missing", error);
  if (head_seq < last || memcmp (head_hash, hash, sizeof hash) != 0)
    return damaged (last, "it was added by somebody else", error);
  *n_rows = (guint64)last;
  return TRUE;
}

/**
 * ac_store_verify_audit:
 * @n_rows: (out): how many rows the log has
 *
 * Returns: whether the chain is whole; else the message names the first row that does not fit.
 */
gboolean
ac_store_verify_audit (AcStore *self, guint64 *n_rows, GError **error)
{
  gboolean whole;
  AcSql *sql;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  sql = ac_store_begin_read (self, error);
  if (sql == NULL)
    return FALSE;
  whole = verify_rows (sql, n_rows, error);
  ac_store_end_read (self, sql);
  return whole;
}
