/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An investigation follows its actions: how many of them wait, were approved or have expired, since
 * when somebody is waited for, and which status that makes. Written once in each transaction that
 * touches some of its actions, and with it. */
#include "config.h"

#include "model/ac-investigation-state.h"
#include "model/ac-time.h"
#include "store/ac-store-private.h"

/* What a transaction adds to the sums of an investigation. */
typedef struct
{
  gint64 seq;
  gint64 actions;
  gint64 pending;
  gint64 approved;
  gint64 expired;
} Delta;

/* Whether somebody has decided so, and it was neither taken back nor could not be done any more. */
static gboolean
is_approved (AcStatus status)
{
  switch (status)
    {
    case AC_STATUS_QUEUED:
    case AC_STATUS_RUNNING:
    case AC_STATUS_COMPLETED:
    case AC_STATUS_PARTLY_COMPLETED:
    case AC_STATUS_FAILED:
    case AC_STATUS_UNDO_QUEUED:
    case AC_STATUS_UNDOING:
    case AC_STATUS_UNDONE:
    case AC_STATUS_UNDO_FAILED:
      return TRUE;
    case AC_STATUS_UNKNOWN:
    case AC_STATUS_PENDING:
    case AC_STATUS_REJECTED:
    case AC_STATUS_EXPIRED:
    case AC_STATUS_CANCELLED:
    default:
      return FALSE;
    }
}

/**
 * ac_write_investigation_counts:
 * @investigation: 0: none
 * @before: the status of one of its actions; AC_STATUS_UNKNOWN: there was no such action
 * @after: the same afterwards; both AC_STATUS_UNKNOWN: only its own members have changed
 */
void
ac_write_investigation_counts (AcWrite *write,
                               gint64 investigation,
                               AcStatus before,
                               AcStatus after)
{
  gint64 pending = (after == AC_STATUS_PENDING) - (before == AC_STATUS_PENDING);
  gint64 approved = is_approved (after) - is_approved (before);
  gint64 expired = (after == AC_STATUS_EXPIRED) - (before == AC_STATUS_EXPIRED);
  gboolean is_step = before != AC_STATUS_UNKNOWN && after != AC_STATUS_UNKNOWN;
  Delta *delta;

  /* Most steps of work and every undo leave the sums as they are. */
  if (investigation == 0 || (is_step && pending == 0 && approved == 0 && expired == 0))
    return;
  if (write->investigations == NULL)
    write->investigations = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  delta = g_hash_table_lookup (write->investigations, &investigation);
  if (delta == NULL)
    {
      delta = g_new0 (Delta, 1);
      delta->seq = investigation;
      g_hash_table_add (write->investigations, delta);
    }
  delta->actions += (after != AC_STATUS_UNKNOWN) - (before != AC_STATUS_UNKNOWN);
  delta->pending += pending;
  delta->approved += approved;
  delta->expired += expired;
}

/* An investigation as it was, and as it is to be. */
typedef struct
{
  char *id;
  char *before;
  const char *after; /* the vocabulary's */
  gint64 version;
  gint64 updated_at;
  gint64 pending_since; /* AC_TIME_NONE: nothing waits */
  gint64 pending_total;
  gint64 ended_at; /* AC_TIME_NONE: it goes on */
  AcInvestigationSums sums;
} Row;

static void
row_clear (Row *row)
{
  g_free (row->id);
  g_free (row->before);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Row, row_clear)

static gboolean
load_row (AcWrite *write, const Delta *delta, Row *row, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (write->sql, error,
                    "SELECT id, status, version, updated_at, pending_since, pending_total, "
                    "  ended_at, state, action_count, pending_count, approved_count, "
                    "  expired_count, threatening FROM investigations WHERE seq = ?",
                    "i", delta->seq);

  if (query == NULL || ac_sql_step (write->sql, query, error) != AC_SQL_ROW)
    return FALSE;
  row->id = g_strdup (ac_sql_text (query, 0));
  row->before = g_strdup (ac_sql_text (query, 1));
  row->version = sqlite3_column_int64 (query, 2);
  row->updated_at = sqlite3_column_int64 (query, 3);
  row->pending_since = ac_sql_time (query, 4);
  row->pending_total = sqlite3_column_int64 (query, 5);
  row->ended_at = ac_sql_time (query, 6);
  row->sums = (AcInvestigationSums){
    .state = ac_sql_text (query, 7),
    .n_actions = sqlite3_column_int64 (query, 8) + delta->actions,
    .n_pending = sqlite3_column_int64 (query, 9) + delta->pending,
    .n_approved = sqlite3_column_int64 (query, 10) + delta->approved,
    .n_expired = sqlite3_column_int64 (query, 11) + delta->expired,
    .threatening = sqlite3_column_int64 (query, 12) > 0,
  };
  row->after = ac_vocabulary_wire (AC_VOCABULARY_INVESTIGATION_STATUS,
                                   (int)ac_investigation_derive_status (&row->sums));
  row->sums.state = NULL; /* the statement's */
  return TRUE;
}

/* A clock that was set back makes no time of it that would be less than none. */
static void
keep_times (Row *row, gint64 now)
{
  gboolean waits = row->sums.n_pending > 0;

  if (waits && row->pending_since == AC_TIME_NONE)
    row->pending_since = now;
  else if (!waits && row->pending_since != AC_TIME_NONE)
    {
      row->pending_total += MAX (now - row->pending_since, 0);
      row->pending_since = AC_TIME_NONE;
    }
  if (!ac_investigation_status_is_final ((AcInvestigationStatus)ac_vocabulary_parse (
          AC_VOCABULARY_INVESTIGATION_STATUS, row->after)))
    row->ended_at = AC_TIME_NONE;
  else if (row->ended_at == AC_TIME_NONE)
    row->ended_at = now;
}

/* The investigation gets a version and a change-log row when its status or its counts change, and
 * an audit row when its status does. What was written in the same transaction has got its version.
 */
static gboolean
write_investigation (AcWrite *write, const Delta *delta, GError **error)
{
  g_auto (Row) row = { 0 };
  gboolean status_changes;
  gboolean changes;

  if (!load_row (write, delta, &row, error))
    return FALSE;
  keep_times (&row, write->now);
  status_changes = !g_str_equal (row.before, row.after);
  changes = status_changes ||
            ((delta->actions != 0 || delta->pending != 0) && row.updated_at != write->now);
  if (!ac_sql_run (
          write->sql, error,
          "UPDATE investigations SET action_count = ?2, pending_count = ?3, approved_count = ?4, "
          "expired_count = ?5, status = ?6, pending_since = ?7, pending_total = ?8, ended_at = ?9, "
          "version = version + ?10, updated_at = CASE ?10 WHEN 1 THEN ?11 ELSE updated_at END "
          "WHERE seq = ?1",
          "iiiiistitii", delta->seq, row.sums.n_actions, row.sums.n_pending, row.sums.n_approved,
          row.sums.n_expired, row.after, row.pending_since, row.pending_total, row.ended_at,
          (gint64)changes, write->now))
    return FALSE;
  if (status_changes && !ac_write_audit (write,
                                         &(AcAuditRow){ .event = "statusChange",
                                                        .kind = "investigation",
                                                        .id = row.id,
                                                        .version = row.version + 1,
                                                        .before = row.before,
                                                        .after = row.after },
                                         error))
    return FALSE;
  return !changes || ac_write_change (write, "investigation", delta->seq, row.version + 1, error);
}

/**
 * ac_write_investigation_sums:
 *
 * Brings the investigations up to date whose actions this transaction has touched.
 */
gboolean
ac_write_investigation_sums (AcWrite *write, GError **error)
{
  GHashTableIter iter;
  gpointer delta;

  if (write->investigations == NULL)
    return TRUE;
  g_hash_table_iter_init (&iter, write->investigations);
  while (g_hash_table_iter_next (&iter, &delta, NULL))
    if (!write_investigation (write, delta, error))
      return FALSE;
  g_clear_pointer (&write->investigations, g_hash_table_unref);
  return TRUE;
}
